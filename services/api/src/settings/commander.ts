import { createPrivateKey } from 'node:crypto'
import { field } from '@um/shared/contract'
import { z } from 'zod'

const locations = ['global', 'us', 'europe-west1', 'europe-west2', 'australia-southeast1', 'asia-northeast1'] as const

/** Google takes keys of this kind only (https://cloud.google.com/iam/docs/keys-create-delete). */
function isUsableKey(pem: string): boolean {
  try {
    const key = createPrivateKey({ key: pem, format: 'pem' })
    return key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048
  } catch {
    return false
  }
}

/** The Dialogflow agent behind a commander: the fleet's default one, or a tenant's own. Most of it comes from a service account's JSON key. */
export const Commander = z.strictObject({
  location: field.choice('Location', locations, 'global', { help: 'The region of the Dialogflow agent.' }),
  language: field.text('Language', { pattern: /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, hint: 'is not a language tag, e.g. ja', max: 35 }).default('en'),
  environmentId: field.text('Environment', { pattern: /^[A-Za-z0-9_-]{1,64}$/, hint: 'must be 1 to 64 letters, digits, _ or -', max: 64 }).default('draft'),
  projectId: field.text('Project', { pattern: /^[a-z0-9-]{6,30}$/, hint: 'must be 6 to 30 small letters, digits or -', max: 30 }),
  clientId: field.optionalText('Client Identifier', { pattern: /^\d+$/, hint: 'must be digits', max: 40 }),
  clientEmail: field.text('Client E-Mail', { pattern: /^[^@\s]+@[^@\s]+$/, hint: 'is not an e-mail address', max: 320 }),
  privateKeyId: field.text('Private Key Identifier', { max: 64 }),
  privateKey: z
    .string()
    .max(16_000)
    .transform(text => text.replaceAll('\\n', '\n'))
    .refine(isUsableKey, 'is not an RSA private key of at least 2048 bits (PEM)')
    .meta({ title: 'Private Key', secret: true, multiline: true }),
  minConfidence: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .meta({ title: 'Least Confidence', description: 'Below it a command counts as not understood.', advanced: true }),
  apiUrl: field.optionalUrl('API URL', { advanced: true, help: "Empty: the location's." }),
  tokenUrl: field.url('Token URL', 'https://oauth2.googleapis.com/token', { advanced: true }),
})
export type Commander = z.infer<typeof Commander>
