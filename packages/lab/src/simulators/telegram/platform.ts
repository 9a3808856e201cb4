import { definePlatform } from '../../kit/platform.ts'
import { Telegram, type TelegramOptions } from './index.ts'

export const demoBot = { id: 7_000_000_001, token: '7000000001:LAB-token-of-the-simulated-bot-0001', name: 'Acme Care', username: 'acme_care_bot' }

export const telegramPlatform = definePlatform({
  start: (context, owners, options: TelegramOptions) => Telegram.start(context, owners, options),
  demo: telegram => {
    telegram.addBot(demoBot)
    return {
      name: 'Acme on Telegram (Lab)',
      platform: 'telegram',
      account: String(demoBot.id),
      settings: secret => ({ apiToken: demoBot.token, apiUrl: telegram.url, webhookSecret: secret, welcomeText: 'Welcome to Acme! How can we help?' }),
    }
  },
})
