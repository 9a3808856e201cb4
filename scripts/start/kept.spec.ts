import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { type Credentials, keptCredentials } from './kept.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'um-kept-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function credentials(mark: string): Credentials {
  return { secrets: { key: `key ${mark}`, token: `token ${mark}`, servers: `servers ${mark}` }, adminPassword: `password ${mark}` }
}

describe('kept credentials', () => {
  it('are those of the first start, whatever a later one would have', () => {
    const file = join(folder, 'data/credentials.json')

    const first = keptCredentials(file, credentials('1'))
    const second = keptCredentials(file, credentials('2'))

    expect(first).toEqual(credentials('1'))
    expect(second).toEqual(credentials('1'))
  })

  it('can be read by their owner only', () => {
    const file = join(folder, 'data/credentials.json')

    keptCredentials(file, credentials('1'))

    expect(statSync(file).mode & 0o777).toBe(0o600)
  })
})
