import type { FieldSchema } from '../api/types.ts'
import { isRecord } from '../forms/pointer.ts'

/** What a file of credentials puts into a form, by field; undefined: it is not such a file. */
export type FileValues = Readonly<Record<string, unknown>>

const googleFields = {
  project_id: 'projectId',
  client_id: 'clientId',
  client_email: 'clientEmail',
  private_key_id: 'privateKeyId',
  private_key: 'privateKey',
} as const

/** Whether a form of this schema can be filled from the key of a Google service account. */
export function takesGoogleKey(schema: FieldSchema): boolean {
  const fields = schema.properties ?? {}
  return 'googleCloudAuthentication' in fields || ('clientEmail' in fields && 'privateKey' in fields)
}

/** The key file of a Google service account. https://cloud.google.com/iam/docs/keys-create-delete */
export function readGoogleKey(text: string, schema: FieldSchema): FileValues | undefined {
  const key = parsed(text)
  if (!isRecord(key) || key.type !== 'service_account' || typeof key.private_key !== 'string' || typeof key.client_email !== 'string') return undefined
  const fields = schema.properties ?? {}
  const whole = fields.googleCloudAuthentication
  if (whole !== undefined) return { googleCloudAuthentication: whole.type === 'object' ? key : text.trim() }
  const values = Object.entries(googleFields).flatMap(([from, to]) => (typeof key[from] === 'string' && to in fields ? [[to, key[from]] as const] : []))
  // another address than Google's own is for tests, and would not be Google's to name
  const tokenUrl =
    typeof key.token_uri === 'string' && /^https:\/\/[a-z0-9.-]+\.googleapis\.com\//.test(key.token_uri) && 'tokenUrl' in fields
      ? [['tokenUrl', key.token_uri] as const]
      : []
  return Object.fromEntries([...values, ...tokenUrl])
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
