import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'

/** https://developers.weixin.qq.com/doc/oplatform/en/Third-party_Platforms/2.0/api/Before_Develop/Technical_Plan.html */
const ivBytes = 16
const blockBytes = 32
const randomBytes = 16
const headBytes = randomBytes + 4

/** SHA-1 of the parts in the order of their bytes. */
export function signatureOf(...parts: readonly string[]): string {
  return createHash('sha1').update(parts.toSorted().join('')).digest('hex')
}
function keyOf(encodingAesKey: string): Buffer {
  return Buffer.from(`${encodingAesKey}=`, 'base64')
}
/** undefined: not encrypted with this key, or for another app. */
export function decrypt(encrypted: string, encodingAesKey: string, appId: string): Buffer | undefined {
  const key = keyOf(encodingAesKey)
  const bytes = Buffer.from(encrypted, 'base64')
  if (bytes.length === 0 || bytes.length % blockBytes !== 0) return undefined
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, ivBytes)).setAutoPadding(false)
  const padded = Buffer.concat([decipher.update(bytes), decipher.final()])
  const pad = padded.at(-1) ?? 0
  const plain = padded.subarray(0, padded.length - pad)
  if (pad < 1 || pad > blockBytes || plain.length < headBytes) return undefined
  const end = headBytes + plain.readUInt32BE(randomBytes)
  return plain.subarray(end).equals(Buffer.from(appId)) ? plain.subarray(headBytes, end) : undefined
}
/** `random`: 16 bytes that nobody can guess. */
export function encrypt(message: string, encodingAesKey: string, appId: string, random: Buffer): string {
  const key = keyOf(encodingAesKey)
  const words = Buffer.from(message)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(words.length)
  const plain = Buffer.concat([random, length, words, Buffer.from(appId)])
  const pad = blockBytes - (plain.length % blockBytes)
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, ivBytes)).setAutoPadding(false)
  return Buffer.concat([cipher.update(Buffer.concat([plain, Buffer.alloc(pad, pad)])), cipher.final()]).toString('base64')
}
