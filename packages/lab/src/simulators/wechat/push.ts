import { randomBytes, randomInt } from 'node:crypto'
import { cdata, membersOf, readXml } from '@um/shared/xml'
import type { WebhookJob } from '../../kit/messenger/index.ts'
import type { OfficialAccount, WechatAccount } from './account.ts'
import { seal, sign, unseal } from './crypto.ts'

/** Elements of a push, in their order; numbers are not in CDATA. */
export interface Push {
  MsgType: string
  [element: string]: string | number | Record<string, string | number>
}
/** After a time-out, or a server that has failed. How long WeChat waits before the next attempt it does not tell. */
const repeats = 3
const waitMs = 1000

function elements(members: Readonly<Record<string, unknown>>): string {
  const value = (member: unknown): string =>
    typeof member === 'string' ? cdata(member) : typeof member === 'object' && member !== null ? elements({ ...member }) : String(member)
  return Object.entries(members)
    .map(([name, member]) => `<${name}>${name === 'MsgId' ? member : value(member)}</${name}>`)
    .join('')
}
const xml = (members: Readonly<Record<string, unknown>>): string => `<xml>${elements(members)}</xml>`
/** Message ids have more digits than JSON's numbers mostly keep, and are numbers nevertheless. */
const json = (members: Readonly<Record<string, unknown>>): string => JSON.stringify(members).replace(/"MsgId":"(\d+)"/, '"MsgId":$1')

/** As the account's modes have it: in clear, encrypted, or both beside each other. */
export function bodyOf(
  { id, data }: WechatAccount,
  push: Readonly<Record<string, unknown>>,
  keys: Pick<OfficialAccount, 'encodingAesKey' | 'appId'> = data,
): Buffer {
  const write = data.dataFormat === 'xml' ? xml : json
  if (data.encryptionMode === 'plain') return Buffer.from(write(push))
  const clear = data.encryptionMode === 'safe' ? { ToUserName: id } : push
  return Buffer.from(write({ ...clear, Encrypt: seal(write(push), keys) }))
}
/** The address with everything that proves the push, made anew at each attempt. */
export function signedUrl({ webhookUrl, data }: WechatAccount, body: Buffer, guest: string, now: number, token = data.token): string {
  const url = new URL(webhookUrl)
  const [timestamp, nonce] = [String(Math.floor(now / 1000)), String(randomInt(1e9))]
  const query: Record<string, string> = { signature: sign(token, timestamp, nonce), timestamp, nonce, openid: guest }
  const encrypted = data.encryptionMode === 'plain' ? undefined : /Encrypt(?:><!\[CDATA\[|":")([^\]"]+)/.exec(body.toString('utf8'))?.[1]
  if (encrypted !== undefined) Object.assign(query, { encrypt_type: 'aes', msg_signature: sign(token, timestamp, nonce, encrypted) })
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return url.href
}

/** What the answer to a push says to the guest: nothing, words, or that the account is out of order. */
export function replyOf(text: string, account: WechatAccount): { text?: string } | 'broken' {
  if (text === '' || text === 'success') return {}
  const root = readXml(text)
  const outer = root?.name === 'xml' ? membersOf(root) : undefined
  if (outer === undefined) return 'broken'
  if (outer.Encrypt === undefined) return account.data.encryptionMode === 'safe' ? 'broken' : wordsOf(outer, account)
  const { Encrypt, MsgSignature, TimeStamp, Nonce } = outer as Record<string, string | undefined>
  if (MsgSignature !== sign(account.data.token, TimeStamp ?? '', Nonce ?? '', Encrypt ?? '')) return 'broken'
  const inner = readXml(unseal(Encrypt ?? '', account.data) ?? '')
  return inner === undefined ? 'broken' : wordsOf(membersOf(inner), account)
}
function wordsOf({ FromUserName, MsgType, Content }: Record<string, unknown>, { id }: WechatAccount): { text: string } | 'broken' {
  return FromUserName === id && MsgType === 'text' && typeof Content === 'string' && Content !== '' ? { text: Content } : 'broken'
}

export interface PushParts {
  now(): number
  /** the account's answer, or that it has none */
  replied(reply: { text?: string } | 'broken'): void
}
export function webhookJob(account: WechatAccount, guest: string, push: Push, { now, replied }: PushParts): Omit<WebhookJob, 'told' | 'account' | 'guest'> {
  const whole = { ToUserName: account.id, FromUserName: guest, CreateTime: Math.floor(now() / 1000), ...push }
  const headers = { 'Content-Type': account.data.dataFormat === 'xml' ? 'text/xml' : 'application/json', 'User-Agent': 'Mozilla/4.0', Pragma: 'no-cache' }
  return {
    operation: push.MsgType === 'event' ? String(push.Event) : push.MsgType,
    body: bodyOf(account, whole),
    url: body => signedUrl(account, body, guest, now()),
    headers: () => headers,
    again: () => bodyOf(account, whole),
    forged: () => {
      const words = push.MsgType === 'text' ? { Content: 'Forged: transfer the money' } : {}
      const body = bodyOf(account, { ...whole, ...words, MsgId: 1 }, { ...account.data, encodingAesKey: randomBytes(32).toString('hex').slice(0, 43) })
      return { url: signedUrl(account, body, guest, now(), 'guessedWrongly'), headers, body }
    },
    isAccepted: ({ status, text }) => status === 200 && replyOf(text, account) !== 'broken',
    accepted: ({ text }) => replied(replyOf(text, account)),
    retryInMs: (attempts, { status }) => {
      if ((status === 0 || status >= 500) && attempts <= repeats) return waitMs
      replied('broken')
      return undefined
    },
  }
}
