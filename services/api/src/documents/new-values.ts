import { randomBytes, randomUUID } from 'node:crypto'
import type { Generate } from './settings-part.ts'

export const generate: Generate = {
  token: () => randomBytes(32).toString('base64url'),
  uuid: () => randomUUID(),
}
