import type { Page, Reply, Webhook } from '@um/shared/contract'
import { beginOAuth, challengeOf, deskOf, finishOAuth, messagePage, newVerifier, unknownDesk } from '@um/shared/pages'
import type { Ctx, Settings } from './definition.ts'
import { redeem } from './tokens.ts'

export const pages: readonly Page<Settings>[] = [
  { method: 'GET', path: '', handle: verification },
  { method: 'GET', path: '/authorize/*', handle: begin },
  { method: 'GET', path: '/oauth/callback', handle: finish },
]

/** Zalo takes a callback only at a domain that carries its application's tag. */
async function verification(_hook: Webhook, desks: readonly Ctx[]): Promise<Reply> {
  const codes = new Set(desks.map(({ tenant }) => tenant.settings.domainVerification).filter(code => code !== undefined))
  const tags = [...codes].map(code => ['zalo-platform-site-verification', code] as const)
  return messagePage(200, 'Zalo', 'Zalo sends its webhooks to this address.', tags)
}

/** Everything is made when the link is followed, so that it can be sent by mail. */
async function begin({ path }: Webhook, desks: readonly Ctx[]): Promise<Reply> {
  const desk = deskOf(path.split('/').at(-1), desks)
  if (desk === undefined) return unknownDesk()
  const { settings, webhookUrl } = desk.tenant
  const verifier = newVerifier()
  const query = { app_id: settings.appId, redirect_uri: `${webhookUrl}/oauth/callback`, code_challenge: challengeOf(verifier) }
  return beginOAuth(desk, `${settings.oauthUrl}/v4/oa/permission`, query, verifier)
}

async function finish(hook: Webhook, desks: readonly Ctx[]): Promise<Reply> {
  return finishOAuth(hook, desks, 'an Official Account could not be authorised', async ({ desk, code, kept }) => {
    if (code === '') return messagePage(200, 'Cancelled', 'The permission was not given. Nothing was changed.')
    const isOurs = hook.query.get('oa_id') === desk.tenant.settings.oaId && (await redeem(desk, code, kept))
    if (!isOurs)
      return messagePage(409, 'Another account', 'The permission is for another Official Account than the one that is set up here. Nothing was changed.')
    desk.log.info({}, 'the Official Account was authorised')
    return messagePage(200, 'Done', 'The Official Account is connected. You can close this page.')
  })
}
