import type { LabContext } from '../../kit/context.ts'
import type { Hit } from '../../kit/faults/board.ts'
import type { ApiAnswer, ApiOperation, ApiRequest } from '../../kit/messenger/index.ts'
import { FixedWindow } from '../../kit/rate-limit.ts'
import { authorizePage, consented } from './consent.ts'
import { rateLimited, SlackError } from './errors.ts'
import { refusalKinds } from './fault-kinds.ts'
import type { Posting } from './posting.ts'
import type { TokenDesk } from './tokens.ts'
import type { Chat, SlackAccount, SlackLimits } from './workspace.ts'

export interface ApiParts {
  context: LabContext
  posting: Posting
  tokens: TokenDesk
  limits: SlackLimits
  accounts(): SlackAccount[]
  /** the address of this server */
  base(): string
  uninstalled(account: SlackAccount): void
}
interface Call {
  parts: ApiParts
  account: SlackAccount
  args: Record<string, unknown>
}
type Method = (call: Call) => object | Promise<object>

const methods: Readonly<Record<string, Method>> = {
  'auth.test': ({ account: { data, name } }) => ({ ok: true, team: name, team_id: data.team, user_id: data.install?.botUserId, bot_id: data.install?.botId }),
  'auth.revoke': ({ parts, account }) => {
    parts.uninstalled(account)
    return { ok: true, revoked: true }
  },
  'chat.postMessage': ({ parts, account, args }) => parts.posting.post(account, args),
  'conversations.open': ({ parts, account, args }) => ({ ok: true, channel: { id: chatOf(parts, account, args.users, 'user_not_found').guest.data.channel } }),
  'files.getUploadURLExternal': ({ parts, account, args }) => parts.posting.uploadUrl(account, args, parts.base()),
  'files.completeUploadExternal': ({ parts, account, args }) => parts.posting.complete(account, args),
  'files.info': ({ parts, account, args }) => ({ ok: true, file: fileFacts(parts, account, String(args.file ?? '')) }),
  'team.info': ({ account: { data, name } }) => ({
    ok: true,
    team: { id: data.team, name, domain: 'acme', ...(data.enterprise ? { enterprise_id: data.enterprise.id, enterprise_name: data.enterprise.name } : {}) },
  }),
  'users.info': ({ parts, account, args }) => ({ ok: true, user: userFacts(parts, chatOf(parts, account, args.user, 'user_not_found')) }),
}
const eventNames = ['message', 'app_home_opened', 'block_actions', 'app_uninstalled', 'tokens_revoked', 'app_rate_limited']
export const operations: readonly string[] = [...Object.keys(methods), 'oauth.v2.access', 'authorize', 'upload', 'download', ...eventNames]

export function operationOf(parts: ApiParts, request: ApiRequest): ApiOperation {
  const { path } = request
  if (path === '/oauth/v2/authorize') return { name: 'authorize', carryOut: () => authorizePage(parts, request.query) }
  if (path === '/oauth/v2/answer') return { name: 'authorize', carryOut: () => consented(parts, request.query) }
  const [, kind, team = '', id = ''] = /^\/(upload\/v1|files-pri|avatars)\/([^/]+)\/([^/]+)/.exec(path) ?? []
  if (kind !== undefined) return fileOperation(parts, request, kind, team, id)
  const name = /^\/api\/([\w.]+)$/.exec(path)?.[1] ?? ''
  if (name === 'oauth.v2.access') return { name, carryOut: () => said(() => parts.tokens.exchange(request.form(), request.headers.authorization)) }
  const method = methods[name]
  const args = argumentsOf(request)
  const account = attempted(() => parts.tokens.accountOf(request.headers.authorization))
  const guest =
    account === undefined ? undefined : parts.posting.chatOf(account, String(args.channel ?? args.channel_id ?? args.users ?? args.user ?? ''))?.guest.id
  return {
    ...{ name: method === undefined ? 'unknown' : name, account: account?.id, guest },
    carryOut: () =>
      said(() => {
        if (method === undefined) throw new SlackError('unknown_method')
        const own = parts.tokens.accountOf(request.headers.authorization)
        limit(parts, own, name)
        return method({ parts, account: own, args })
      }),
  }
}

/** How Slack words a fault. */
export function refuse({ kind, params }: Hit): ApiAnswer {
  if (kind === 'rateLimit') return rateLimited(Number(params.retryAfterSeconds)).answer
  if (refusalKinds.has(kind)) return new SlackError(kind).answer
  const status = Number(params.status) || 500
  return { status, json: { ok: false, error: 'service_unavailable' }, why: `HTTP ${status}` }
}

async function said(work: () => object | Promise<object>): Promise<ApiAnswer> {
  try {
    return { status: 200, json: await work() }
  } catch (error) {
    if (error instanceof SlackError) return error.answer
    throw error
  }
}
function attempted<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof SlackError) return undefined
    throw error
  }
}
/** JSON or a form, whatever the method. */
function argumentsOf(request: ApiRequest): Record<string, unknown> {
  if (!request.headers['content-type']?.startsWith('application/json')) return Object.fromEntries(request.form())
  try {
    return Object(request.json()) as Record<string, unknown>
  } catch {
    return {}
  }
}
const windows = new WeakMap<SlackAccount, Map<string, FixedWindow>>()
/** Per method and workspace. */
function limit({ limits, context }: ApiParts, account: SlackAccount, method: string): void {
  const own = windows.get(account) ?? new Map<string, FixedWindow>()
  windows.set(account, own)
  const window = own.get(method) ?? new FixedWindow(limits.callsPerMinute, 60_000)
  own.set(method, window)
  const { allowed, resetMs } = window.take(context.now().getTime())
  if (!allowed) throw rateLimited(resetMs / 1000)
}

function chatOf({ posting }: ApiParts, account: SlackAccount, name: unknown, error: string): Chat {
  const chat = posting.chatOf(account, String(name ?? ''))
  if (chat === undefined) throw new SlackError(error)
  return chat
}
function userFacts(parts: ApiParts, { guest, account }: Chat): object {
  const picture = guest.avatar === undefined ? {} : { image_512: `${parts.base()}/avatars/${account.data.team}/${guest.avatar}` }
  const profile = { display_name: guest.name, real_name: guest.name, email: `${guest.data.user.toLowerCase()}@acme.example`, ...picture }
  return {
    id: guest.data.user,
    team_id: account.data.team,
    name: guest.username ?? guest.name,
    real_name: guest.name,
    locale: guest.language ?? 'en-US',
    tz: 'Europe/Berlin',
    profile,
  }
}

/** As events and `files.info` tell of a file. */
export function fileFacts({ context, base }: Pick<ApiParts, 'context' | 'base'>, { data }: SlackAccount, id: string): object {
  const file = data.files.get(id)
  const stored = context.media.get(file?.media ?? '')
  if (file === undefined || stored === undefined) throw new SlackError('file_not_found')
  const url = `${base()}/files-pri/${data.team}/${id}`
  return {
    ...{
      id,
      name: file.name,
      title: file.name,
      mimetype: stored.mime,
      filetype: file.name.split('.').at(-1),
      size: stored.bytes.length,
      mode: 'hosted',
      is_external: false,
    },
    ...{ url_private: `${url}/${encodeURIComponent(file.name)}`, url_private_download: `${url}/download/${encodeURIComponent(file.name)}` },
  }
}

/** Without the token people get Slack's log-in page, and so does whoever asks by program. */
function fileOperation(parts: ApiParts, request: ApiRequest, kind: string, team: string, id: string): ApiOperation {
  const account = parts.accounts().find(({ data }) => data.team === team)
  const page: ApiAnswer = { status: 200, bytes: { mime: 'text/html', body: Buffer.from('<title>Slack</title>Sign in') } }
  const gone: ApiAnswer = { status: 404, json: { ok: false, error: 'file_not_found' } }
  if (account === undefined) return { name: 'download', carryOut: () => gone }
  if (kind === 'upload/v1') {
    const carryOut = () => {
      const isTaken = request.method === 'POST' && parts.posting.takeBytes(account, id, request.raw)
      return isTaken
        ? { status: 200, bytes: { mime: 'text/plain', body: Buffer.from(`OK - ${request.raw.length}`) } }
        : { status: 400, json: {}, why: 'other bytes' }
    }
    return { name: 'upload', account: account.id, carryOut }
  }
  const stored = parts.context.media.get(kind === 'avatars' ? id : (account.data.files.get(id)?.media ?? ''))
  const isOpen = kind === 'avatars' || attempted(() => parts.tokens.accountOf(request.headers.authorization)) === account
  const found: ApiAnswer = stored === undefined ? gone : { status: 200, bytes: { mime: stored.mime, body: stored.bytes } }
  return { name: 'download', account: account.id, carryOut: () => (isOpen ? found : page) }
}
