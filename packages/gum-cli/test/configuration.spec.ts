import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { readArguments } from '../src/arguments.ts'
import { apiUrl, type Surroundings, settle } from '../src/configuration.ts'

let home: string
const warnings: string[] = []
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gum-cli-test-'))
  warnings.length = 0
})
afterEach(() => rmSync(home, { recursive: true }))

const around = (more: Partial<Surroundings> = {}, env: Record<string, string> = {}): Surroundings => ({
  env: { HOME: home, ...env },
  readInput: async () => Buffer.from('from standard input\nnot this\n'),
  warn: line => void warnings.push(line),
  ...more,
})
const settled = (args: string[], surroundings = around()) => settle(readArguments(args), surroundings)
const write = (name: string, text: string, mode = 0o600) => {
  mkdirSync(join(home, name, '..'), { recursive: true })
  writeFileSync(join(home, name), text, { mode })
  return join(home, name)
}

describe('settings', () => {
  it('come from the command line, before the environment, before the file', async () => {
    write('.gum-cli', 'host: file.example\npassword: of file\nuser: ada\n')

    const all = await settled(['backup', '--host', 'line.example', '--password', 'of line'], around({}, { GUM_HOST: 'env.example', GUM_PASSWORD: 'of env' }))
    const env = await settled(['backup'], around({}, { GUM_HOST: 'env.example', GUM_PASSWORD: 'of env' }))
    const file = await settled(['backup'])

    expect([all, env, file].map(({ url, password, user }) => [url.host, password, user])).toEqual([
      ['line.example', 'of line', 'ada'],
      ['env.example', 'of env', 'ada'],
      ['file.example', 'of file', 'ada'],
    ])
  })

  it('are taken from the first of the two files', async () => {
    write('.gum-cli', 'host: second.example\npassword: x\n')
    write('.config/gum-cli/config', 'host: first.example\npassword: 123456\n')

    const { url, password } = await settled(['backup'])

    expect([url.host, password]).toEqual(['first.example', '123456'])
  })

  it.each([
    ['hots: x', '"hots" is not known'],
    ['insecure: maybe', '"insecure" is not right'],
    ['a: [', 'is not YAML'],
  ])('of a file with %s are refused', async (text, why) => {
    write('.gum-cli', text)

    await expect(settled(['backup'])).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining(why) })
  })

  it('warn of a file with a password that others may read', async () => {
    write('.gum-cli', 'host: h\npassword: x\n', 0o644)

    await settled(['backup'])

    expect(warnings).toEqual([expect.stringContaining('chmod 600')])
  })
})

describe('the password', () => {
  it('is the first line of a file, or of standard input', async () => {
    const file = write('secret', 'from a file\r\n')

    const [ofFile, ofInput] = await Promise.all([
      settled(['backup', '--host', 'h', '--password-file', file]),
      settled(['backup', '--host', 'h', '--password-stdin']),
    ])

    expect([ofFile.password, ofInput.password]).toEqual(['from a file', 'from standard input'])
  })

  it('cannot share standard input with the backup', async () => {
    await expect(settled(['restore', '--host', 'h', '--password-stdin'])).rejects.toMatchObject({ exitCode: 2 })
  })

  it('is asked for on a terminal, and missed elsewhere', async () => {
    const asked: string[] = []
    const ask = async (question: string) => {
      asked.push(question)
      return 'typed'
    }

    expect((await settled(['backup', '--host', 'h'], around({ ask }))).password).toBe('typed')
    expect(asked).toEqual(['Password of admin at h: '])
    await expect(settled(['backup', '--host', 'h'])).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining('the password is missing') })
  })
})

describe('the host', () => {
  it.each([
    ['acme.com', 'https://acme.com/api/v1/'],
    ['acme.com:8443', 'https://acme.com:8443/api/v1/'],
    ['http://localhost:8080', 'http://localhost:8080/api/v1/'],
    ['https://acme.com/api/v1/', 'https://acme.com/api/v1/'],
    ['https://acme.com/um/?x#y', 'https://acme.com/um/api/v1/'],
  ])('%s leads to %s', (host, url) => {
    expect(apiUrl(host).href).toBe(url)
  })

  it.each(['', 'ftp://acme.com', 'a b', 'https://user:secret@acme.com'])('"%s" is refused', host => {
    expect(() => apiUrl(host)).toThrow(expect.objectContaining({ exitCode: 2 }))
  })
})
