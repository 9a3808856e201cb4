import { definePlatform } from '../../kit/platform.ts'
import { newApplication, Zalo, type ZaloOptions } from './index.ts'

export const demoApplication = {
  appId: '2000000000000000001',
  appSecret: 'LAB-secret-of-the-simulated-application-0001',
  oaSecretKey: 'LAB-secret-key-of-the-simulated-account-0001',
  domainCode: 'LAB-domain-code-of-the-application-0001',
}
export const demoAccount = { oaId: '3000000000000000001', name: 'Acme Care' }

export const zaloPlatform = definePlatform({
  start: (context, owners, options: ZaloOptions) => Zalo.start(context, owners, options),
  demo: zalo => {
    const app = newApplication(demoApplication)
    const account = zalo.addAccount({ ...demoAccount, app })
    const { appId, appSecret, oaSecretKey, domainCode } = demoApplication
    return {
      name: 'Acme on Zalo (Lab)',
      platform: 'zalo',
      account: demoAccount.oaId,
      settings: () => ({
        ...{ appId, appSecret, oaId: demoAccount.oaId, oaSecretKey, domainVerification: domainCode },
        ...{ listTemplate: true, apiUrl: zalo.url, oauthUrl: zalo.url },
      }),
      // the domain is verified, the webhook entered, and the account's administrator gives the permission
      connect: async ({ id, publicUrl }) => {
        await zalo.console.verifyDomain(app, publicUrl)
        zalo.book.setWebhook(account, await zalo.console.enterWebhook(publicUrl))
        await zalo.console.authorize(publicUrl, id, demoAccount.oaId)
      },
    }
  },
})
