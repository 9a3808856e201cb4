import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { FleetSecrets } from '@um/testing/fleet'

/** What data were written with: encrypted settings, servers' passwords, and the administrator's, who is created only once. */
export interface Credentials {
  secrets: FleetSecrets
  adminPassword: string
}

/** Those of the data's first start, which are kept beside the data; else `fresh`, which are kept from now on. */
export function keptCredentials(file: string, fresh: Credentials): Credentials {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'))
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  writeFileSync(file, JSON.stringify(fresh), { mode: 0o600 })
  return fresh
}
