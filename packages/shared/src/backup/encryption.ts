import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { z } from 'zod'

/** The cost is bounded, so that a file cannot make its reader work for hours or take all memory. */
export const Encryption = z.object({
  cipher: z.literal('aes-256-gcm'),
  kdf: z.literal('scrypt'),
  N: z.number().int().min(1024).max(131_072),
  r: z.number().int().min(1).max(16),
  p: z.number().int().min(1).max(16),
  salt: z.base64(),
  nonce: z.base64(),
})
export type Encryption = z.infer<typeof Encryption>

const tagBytes = 16

/** OWASP's choice that needs 16 MiB (https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html): it has to fit into a small container. */
export function newEncryption(): Encryption {
  const [salt, nonce] = [randomBytes(16).toString('base64'), randomBytes(12).toString('base64')]
  return { cipher: 'aes-256-gcm', kdf: 'scrypt', N: 16_384, r: 8, p: 5, salt, nonce }
}

/** `context` is authenticated with the bytes. */
export async function encrypt(plain: Buffer, passphrase: string, encryption: Encryption, context: string): Promise<Buffer> {
  const cipher = createCipheriv(encryption.cipher, await derive(passphrase, encryption), Buffer.from(encryption.nonce, 'base64')).setAAD(Buffer.from(context))
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** Undefined: another passphrase, or other bytes. */
export async function decrypt(bytes: Buffer, passphrase: string, encryption: Encryption, context: string): Promise<Buffer | undefined> {
  const key = await derive(passphrase, encryption)
  const end = bytes.length - tagBytes
  if (end < 0) return undefined
  try {
    const decipher = createDecipheriv(encryption.cipher, key, Buffer.from(encryption.nonce, 'base64'), { authTagLength: tagBytes })
      .setAAD(Buffer.from(context))
      .setAuthTag(bytes.subarray(end))
    return Buffer.concat([decipher.update(bytes.subarray(0, end)), decipher.final()])
  } catch {
    return undefined
  }
}

/** Compatibility forms of a character are the same key on another keyboard. */
function derive(passphrase: string, { N, r, p, salt }: Encryption): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), Buffer.from(salt, 'base64'), 32, { N, r, p, maxmem: 256 * N * r }, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })
}
