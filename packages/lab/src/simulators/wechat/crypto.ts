import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import type { OfficialAccount } from './account.ts'

/** https://developers.weixin.qq.com/doc/service/en/guide/dev/push/encryption.html */
export function sign(...parts: string[]): string {
  return createHash('sha1').update(parts.sort().join('')).digest('hex')
}

type Keys = Pick<OfficialAccount, 'encodingAesKey' | 'appId'>
function keyOf({ encodingAesKey }: Keys): [key: Buffer, iv: Buffer] {
  const key = Buffer.from(`${encodingAesKey}=`, 'base64')
  return [key, key.subarray(0, 16)]
}
export function seal(text: string, keys: Keys, random = randomBytes(16)): string {
  const size = Buffer.alloc(4)
  size.writeUInt32BE(Buffer.byteLength(text))
  const bytes = Buffer.concat([random, size, Buffer.from(text), Buffer.from(keys.appId)])
  const padding = 32 - (bytes.length % 32)
  const cipher = createCipheriv('aes-256-cbc', ...keyOf(keys)).setAutoPadding(false)
  return Buffer.concat([cipher.update(bytes), cipher.update(Buffer.alloc(padding, padding)), cipher.final()]).toString('base64')
}
/** undefined: it does not open. */
export function unseal(sealed: string, keys: Keys): string | undefined {
  try {
    const decipher = createDecipheriv('aes-256-cbc', ...keyOf(keys)).setAutoPadding(false)
    const bytes = Buffer.concat([decipher.update(sealed, 'base64'), decipher.final()])
    const end = 20 + bytes.readUInt32BE(16)
    const tail = bytes.subarray(end, bytes.length - (bytes.at(-1) ?? 0))
    return tail.toString() === keys.appId ? bytes.subarray(20, end).toString('utf8') : undefined
  } catch {
    return undefined
  }
}
