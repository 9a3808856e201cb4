import { definePlatform } from '../../kit/platform.ts'
import { Line, type LineOptions } from './index.ts'

export const demoChannel = {
  botUserId: 'U1ab00000000000000000000000000001',
  channelId: '2000000001',
  channelSecret: '1ab0000000000000000000000000d3c0',
  longLivedToken: 'LAB-long-lived-channel-access-token-of-the-simulated-account-0001',
  switcherSecret: 'LAB-switcher-secret-of-the-simulated-account-0001',
  name: 'Acme Care',
  username: 'acmecare',
}

export const linePlatform = definePlatform({
  start: (context, owners, options: LineOptions) => Line.start(context, owners, options),
  demo: line => {
    line.addChannel(demoChannel)
    return {
      name: 'Acme on LINE (Lab)',
      platform: 'line',
      account: demoChannel.botUserId,
      settings: () => ({
        channelId: demoChannel.channelId,
        channelSecret: demoChannel.channelSecret,
        tokenMode: 'stateless',
        welcomeText: 'Welcome to Acme! How can we help?',
        markAsRead: 'token',
        pnpEnabled: true,
        switcherEnabled: true,
        switcherSecret: demoChannel.switcherSecret,
        switcherDestinationId: 'acme-shop',
        apiUrl: line.url,
        dataApiUrl: line.url,
      }),
    }
  },
})
