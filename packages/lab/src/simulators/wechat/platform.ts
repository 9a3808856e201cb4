import { definePlatform } from '../../kit/platform.ts'
import { generousAnswers, Wechat, type WechatOptions } from './index.ts'

export const demoAccount = {
  originalId: 'gh_1ab0acme0001',
  appId: 'wx1ab0000000000001',
  appSecret: '1ab000000000000000000000000d3c0a',
  token: 'LABtokenOfTheSimulatedAccount1',
  encodingAesKey: 'LABkeyOfTheSimulatedAccount000000000000001E',
  name: 'Acme Care',
}

export const wechatPlatform = definePlatform({
  start: (context, owners, options: WechatOptions) => Wechat.start(context, owners, options),
  demo: wechat => {
    wechat.addAccount(demoAccount)
    return {
      name: 'Acme on WeChat (Lab)',
      platform: 'wechat',
      account: demoAccount.originalId,
      settings: () => ({
        appId: demoAccount.appId,
        appSecret: demoAccount.appSecret,
        token: demoAccount.token,
        encodingAesKey: demoAccount.encodingAesKey,
        welcomeText: 'Welcome to Acme! How can we help?',
        answersPerWindow: Math.min(100, generousAnswers),
        apiUrl: wechat.url,
      }),
      // the server's address is entered in the console, which tries it
      connect: ({ id, publicUrl }) => wechat.saveServerUrl(demoAccount.originalId, `${publicUrl}/wechat/${id}`),
    }
  },
})
