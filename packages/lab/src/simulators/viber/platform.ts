import { definePlatform } from '../../kit/platform.ts'
import { Viber, type ViberOptions } from './index.ts'

export const demoBot = { uri: 'acmecare', name: 'Acme Care', token: '1ab0000000000001-1ab0000000000002-1ab0000000000003' }

export const viberPlatform = definePlatform({
  start: (context, owners, options: ViberOptions) => Viber.start(context, owners, options),
  demo: viber => {
    viber.addBot(demoBot)
    return {
      name: 'Acme on Viber (Lab)',
      platform: 'viber',
      account: demoBot.uri,
      settings: () => ({ apiToken: demoBot.token, welcomeText: 'Welcome to Acme! How can we help?', apiUrl: `${viber.url}/pa` }),
    }
  },
})
