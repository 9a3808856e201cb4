import type { PlatformCall } from '@um/shared/contract'
import { splitText } from '@um/shared/degrade'
import { derivedId } from '@um/shared/model'
import type { Out } from './definition.ts'

export const sendPath = '/cgi-bin/message/custom/send'
export const typingPath = '/cgi-bin/message/custom/typing'
/** WeChat gives messages no ids, so they bring their own. */
export const idHeader = 'X-Request-Id'
/** When WeChat finds a text too long after all. */
const shortBytes = 600

export function send(out: Out, part: string, message: { msgtype: string } & Record<string, unknown>, more: Partial<PlatformCall> = {}): PlatformCall {
  const { kfAccount } = out.tenant.settings
  const sender = kfAccount === undefined ? {} : { customservice: { kf_account: kfAccount } }
  return { method: 'POST', path: sendPath, headers: { [idHeader]: derivedId(out.id, part) }, json: { touser: out.to.guest, ...message, ...sender }, ...more }
}

export function texts(out: Out, text: string, part: string, more: { numbered?: true } = {}, maxBytes = out.tenant.settings.maxTextBytes): PlatformCall[] {
  const pieces = splitBytes(legible(text), maxBytes)
  return pieces.map((content, index) => {
    const instead =
      Buffer.byteLength(content) > shortBytes && maxBytes > shortBytes
        ? { alternatives: { text: texts(out, content, `${part}.${index}`, {}, shortBytes) } }
        : {}
    return send(out, `${part}.${index}`, { msgtype: 'text', text: { content } }, { ...instead, ...(index === pieces.length - 1 ? more : {}) })
  })
}

/** Only tags of links mean anything; WeChat refuses what JSON can only write as an escape. */
function legible(text: string): string {
  return text
    .toWellFormed()
    .replace(/(?![\n\t])\p{Cc}/gu, '')
    .replace(/<(?=a)/gi, '＜')
}
function splitBytes(text: string, maxBytes: number): string[] {
  const bytes = Buffer.byteLength(text)
  if (bytes <= maxBytes) return [text]
  const pieces = splitText(text, Math.max(1, Math.floor((text.length * maxBytes) / bytes)))
  return pieces.length === 1 ? pieces : pieces.flatMap(piece => splitBytes(piece, maxBytes))
}
