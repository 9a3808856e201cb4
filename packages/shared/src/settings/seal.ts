import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** Keys of the fleet, derived from the deployer's SECRET_KEY so that one leaked use does not open the others. */
export interface FleetKeys {
  /** AES-256-GCM of configuration at rest and on the broker */
  readonly seal: Buffer
  /** HMAC of API tokens and of OAuth states */
  readonly sign: Buffer
}
export function fleetKeys(secret: string): FleetKeys {
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', secret, 'universal-messaging', purpose, 32))
  return { seal: derive('seal/v1'), sign: derive('sign/v1') }
}

/** `context` (e.g. 'tenants/<id>') is authenticated: a document copied to another place does not open. */
export function seal(plain: unknown, key: Buffer, context: string): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context))
  const body = Buffer.concat([cipher.update(JSON.stringify(plain), 'utf8'), cipher.final()])
  return `v1.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`
}

/** Throws when the key is another one or the text was changed. */
export function unseal(sealed: string, key: Buffer, context: string): unknown {
  const [version, text] = sealed.split('.')
  if (version !== 'v1' || text === undefined) throw new Error('sealed document has an unknown version')
  const bytes = Buffer.from(text, 'base64url')
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 })
    .setAAD(Buffer.from(context))
    .setAuthTag(bytes.subarray(12, 28))
  return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8'))
}
