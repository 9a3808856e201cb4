import { readJson } from '@um/shared/contract'
import { membersOf, readXml } from '@um/shared/xml'
import { z } from 'zod'

const word = z.union([z.string(), z.number()]).transform(String)
/** https://developers.weixin.qq.com/doc/service/en/guide/product/message/Receiving_standard_messages.html */
export const Push = z.looseObject({
  FromUserName: z.string().min(1),
  MsgType: z.string().min(1),
  CreateTime: z.coerce.number().int().min(0).max(1e11),
  MsgId: word.optional(),
  Event: z.string().default(''),
  EventKey: word.nullish().transform(key => key ?? ''),
})
export type Push = z.infer<typeof Push>
const Outer = z.looseObject({ ToUserName: z.string().default(''), Encrypt: z.string().optional() })

/** XML, or JSON where the account is set to that: told by its first character, since the header is not reliable. */
export function readPush(raw: Buffer): z.infer<typeof Outer> | undefined {
  if (raw.toString('utf8').trimStart().startsWith('{')) return Outer.safeParse(readJson(raw)).data
  const root = readXml(raw.toString('utf8'))
  return root?.name === 'xml' ? Outer.safeParse(membersOf(root)).data : undefined
}
/** A member that says something. */
export function said(push: Record<string, unknown>, name: string): string | undefined {
  const value = word.safeParse(push[name]).data
  return value === '' ? undefined : value
}
