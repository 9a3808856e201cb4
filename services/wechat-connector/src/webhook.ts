import { createHmac } from 'node:crypto'
import type { InboundEvent, Refusal, Reply, Verified, Webhook } from '@um/shared/contract'
import { isSame } from '@um/shared/kit'
import { cdata } from '@um/shared/xml'
import { decrypt, encrypt, signatureOf } from './crypto.ts'
import type { Settings, Tenant } from './definition.ts'
import { readPush } from './push.ts'

/** Signatures cannot be traced to a tenant: below `/wechat` itself each one is asked whether it is meant. */
const anyTenant = 'any'
export const locate = (): string => anyTenant
export const keys = (): string[] => [anyTenant]

function isSigned({ query }: Webhook, { token }: Settings): boolean {
  return isSame(query.get('signature') ?? '', signatureOf(token, query.get('timestamp') ?? '', query.get('nonce') ?? ''))
}
function isEncrypted({ query }: Webhook, { encryptionMode }: Settings): boolean {
  return encryptionMode !== 'plain' && (query.get('encrypt_type') ?? 'raw') !== 'raw'
}

/** Saving the server URL in the console. https://developers.weixin.qq.com/doc/service/en/guide/dev/push/ */
export function handshake(hook: Webhook, { settings }: Tenant): Reply | undefined {
  const echo = hook.query.get('echostr')
  if (hook.method !== 'GET' || echo === null || !isSigned(hook, settings)) return undefined
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' }, body: echo }
}

export function verify(hook: Webhook, { settings }: Tenant, now: Date): Refusal | undefined {
  const { token, originalId, maxClockSkewSeconds } = settings
  if (!isSigned(hook, settings)) return { refused: 'unauthenticated', why: 'the signature is wrong' }
  if (hook.method !== 'POST') return { refused: 'malformed', why: 'nothing is asked or told' }
  const [timestamp, nonce] = [hook.query.get('timestamp') ?? '', hook.query.get('nonce') ?? '']
  if (maxClockSkewSeconds > 0 && !(Math.abs(now.getTime() / 1000 - Number(timestamp)) <= maxClockSkewSeconds))
    return { refused: 'stale', why: 'the timestamp is too far away' }
  const outer = readPush(hook.raw)
  if (outer === undefined) return { refused: 'malformed', why: 'this is not a push of WeChat' }
  if (originalId !== undefined && outer.ToUserName !== originalId) return { refused: 'unauthenticated', why: 'the push is for another account' }
  if (!isEncrypted(hook, settings)) return refusalInClear(hook, settings)
  const expected = signatureOf(token, timestamp, nonce, outer.Encrypt ?? '')
  return isSame(hook.query.get('msg_signature') ?? '', expected) ? undefined : { refused: 'unauthenticated', why: 'msg_signature is wrong' }
}

/** Tokens are chosen by people, and several tenants may have the same: below `/wechat` itself only the account that is named tells whose such a push is. */
function refusalInClear({ path }: Webhook, { encryptionMode, originalId }: Settings): Refusal | undefined {
  if (encryptionMode === 'safe') return { refused: 'unauthenticated', why: 'the push is not encrypted' }
  if (originalId !== undefined || !['', '/'].includes(path)) return undefined
  return { refused: 'unauthenticated', why: 'without the Original ID a push in clear has to come to the address of the tenant' }
}

/** What is encrypted counts, also where the same stands beside it in clear. */
export function open(hook: Verified, { settings }: Tenant): Buffer | Refusal {
  const { appId, encodingAesKey, previousEncodingAesKey } = settings
  if (!isEncrypted(hook, settings)) return hook.raw
  const encrypted = readPush(hook.raw)?.Encrypt ?? ''
  const aesKeys = [encodingAesKey, previousEncodingAesKey].filter(key => key !== undefined)
  const opened = aesKeys.map(key => decrypt(encrypted, key, appId)).find(plain => plain !== undefined)
  return opened ?? { refused: 'unauthenticated', why: 'the push is encrypted with another key, or for another app' }
}

/**
 * Anything but `success` and a reply would tell the guest that the account is out of order. The reply is made of the push alone, so that a push which comes again gets the same one.
 * https://developers.weixin.qq.com/doc/service/en/guide/product/message/Passive_user_reply_message.html
 */
export function acknowledge(events: InboundEvent[], hook: Verified, { settings }: Tenant): Reply {
  const { token, appId, encodingAesKey, welcomeText } = settings
  const follower = events.find(event => event.type === 'lifecycle' && event.change === 'follow')?.guest
  const account = readPush(hook.raw)?.ToUserName
  if (follower === undefined || welcomeText === undefined || !account) return { status: 200, headers: { 'content-type': 'text/plain' }, body: 'success' }
  const [timestamp, pushed] = [hook.query.get('timestamp') ?? '', hook.query.get('nonce') ?? '']
  const names = `<ToUserName>${cdata(follower)}</ToUserName><FromUserName>${cdata(account)}</FromUserName>`
  const reply = `<xml>${names}<CreateTime>${Number(timestamp)}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content>${cdata(welcomeText)}</Content></xml>`
  const headers = { 'content-type': 'text/xml; charset=utf-8' }
  if (encodingAesKey === undefined || !isEncrypted(hook, settings)) return { status: 200, headers, body: reply }
  const unguessable = createHmac('sha256', encodingAesKey).update(`${timestamp} ${pushed} ${reply}`).digest()
  const nonce = String(unguessable.readUInt32BE(28))
  const encrypted = encrypt(reply, encodingAesKey, appId, unguessable.subarray(0, 16))
  const proof = `<MsgSignature>${cdata(signatureOf(token, timestamp, nonce, encrypted))}</MsgSignature>`
  return {
    status: 200,
    headers,
    body: `<xml><Encrypt>${cdata(encrypted)}</Encrypt>${proof}<TimeStamp>${Number(timestamp)}</TimeStamp><Nonce>${cdata(nonce)}</Nonce></xml>`,
  }
}
