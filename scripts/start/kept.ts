import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { FleetSecrets } from '@um/testing/fleet'

/** Kept data can be read only with the secrets that they were written with, so these are kept beside them. */
export function keptSecrets(file: string, make: () => FleetSecrets): FleetSecrets {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as FleetSecrets
  const secrets = make()
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 })
  return secrets
}
