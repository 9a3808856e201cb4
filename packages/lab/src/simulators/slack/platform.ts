import { definePlatform } from '../../kit/platform.ts'
import { newApp, Slack, type SlackOptions } from './index.ts'

export const demoApp = {
  appId: 'A0LABACME01',
  clientId: '1000000001.2000000001',
  clientSecret: 'LAB-client-secret-of-the-simulated-app-0001',
  signingSecret: 'LAB-signing-secret-of-the-simulated-app-0001',
}
export const demoWorkspace = { team: 'T0LABACME01', name: 'Acme Staff' }

export const slackPlatform = definePlatform({
  start: (context, owners, options: SlackOptions) => Slack.start(context, owners, options),
  demo: slack => {
    const app = newApp(demoApp)
    slack.addWorkspace({ ...demoWorkspace, app })
    return {
      name: 'Acme on Slack (Lab)',
      platform: 'slack',
      account: demoWorkspace.team,
      settings: () => ({ ...demoApp, apiUrl: slack.apiUrl, authorizeUrl: slack.authorizeUrl }),
      // the manifest's addresses are checked, then somebody installs the app in the workspace
      connect: async ({ id, publicUrl }) => {
        await slack.console.enterUrls(app, publicUrl)
        await slack.install(publicUrl, id, demoWorkspace.team)
      },
    }
  },
})
