import type { LookupAddress } from 'node:dns'
import { beforeEach, describe, expect, it, jest } from '@jest/globals'

const answers = new Map<string, LookupAddress[]>()
const asked: string[] = []
jest.unstable_mockModule('node:dns', () => ({
  lookup: (hostname: string, options: { all: boolean }, callback: (error: Error | null, addresses?: LookupAddress[]) => void) => {
    asked.push(hostname)
    const found = answers.get(hostname)
    queueMicrotask(() =>
      found === undefined ? callback(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' })) : callback(null, options.all ? found : []),
    )
  },
}))
const { AgentPool, AllowList, guardedLookup, openUrl } = await import('../../src/http/index.ts')

const v4 = (address: string): LookupAddress => ({ address, family: 4 })
const v6 = (address: string): LookupAddress => ({ address, family: 6 })
const resolve = (hostname: string, options: object = {}, allowed: string[] = []) =>
  new Promise<unknown>(done => {
    guardedLookup(new AllowList(allowed))(hostname, options, (error, address, family) => done(error ?? (family === undefined ? address : [address, family])))
  })

beforeEach(() => {
  answers.clear()
  asked.length = 0
})

describe('guardedLookup', () => {
  it('answers public addresses', async () => {
    answers.set('cdn.example', [v4('93.184.216.34'), v6('2606:2800::1')])

    expect(await resolve('cdn.example')).toEqual(['93.184.216.34', 4])
    expect(await resolve('cdn.example', { all: true })).toEqual([v4('93.184.216.34'), v6('2606:2800::1')])
  })

  it.each([['169.254.169.254', 4] as const, ['::ffff:10.0.0.1', 6] as const, ['fe80::1%eth0', 6] as const])('refuses a host at %s', async (address, family) => {
    answers.set('rebind.example', [{ address, family }])

    for (const options of [{}, { all: true }]) expect(await resolve('rebind.example', options)).toMatchObject({ code: 'PRIVATE_ADDRESS' })
  })

  it('leaves the private ones out where a host has both', async () => {
    answers.set('mixed.example', [v4('127.0.0.1'), v6('::1'), v4('93.184.216.34')])

    expect(await resolve('mixed.example')).toEqual(['93.184.216.34', 4])
    expect(await resolve('mixed.example', { all: true })).toEqual([v4('93.184.216.34')])
  })

  it('answers private addresses of a network that is allowed', async () => {
    answers.set('minio.example', [v4('10.1.2.3')])

    expect(await resolve('minio.example', {}, ['10.1.0.0/16'])).toEqual(['10.1.2.3', 4])
    expect(await resolve('minio.example', {}, ['10.2.0.0/16'])).toMatchObject({ code: 'PRIVATE_ADDRESS' })
  })

  it('passes on that there is no such host', async () => {
    expect(await resolve('gone.example')).toMatchObject({ code: 'ENOTFOUND' })
    expect(asked).toEqual(['gone.example'])
  })
})

describe('openUrl', () => {
  it('does not connect to a host whose name leads to a private address', async () => {
    answers.set('rebind.example', [v4('127.0.0.1')])
    const allow = new AllowList([])

    const opened = openUrl('http://rebind.example:9/x', { agents: new AgentPool(allow, () => null), allow, trustedOrigins: [], maxBytes: 10 })

    await expect(opened).rejects.toMatchObject({ name: 'PrivateAddress', message: 'the host has only private addresses' })
  })
})
