import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '@um/testing'
import { createLogger } from '../../src/log/index.ts'

let folder: string
let files = 0
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'um-log-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function start(options: { level?: string; flushMilliseconds?: number } = {}) {
  files += 1
  const file = join(folder, `${files}.log`)
  const log = createLogger({
    name: 'line-connector',
    level: options.level ?? 'TRACE',
    flushMilliseconds: options.flushMilliseconds ?? 0,
    destination: openSync(file, 'a'),
  })
  const lines = (): Record<string, unknown>[] =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter(line => line !== '')
      .map(line => JSON.parse(line))
  return { log, lines, text: () => readFileSync(file, 'utf8') }
}
/** What the `bunyan` reader asks of a line before it shows it as a record. */
function isBunyanRecord(line: Record<string, unknown>): boolean {
  return (
    Number.isInteger(line.v) &&
    Number.isInteger(line.level) &&
    typeof line.name === 'string' &&
    typeof line.hostname === 'string' &&
    Number.isInteger(line.pid) &&
    typeof line.time === 'string' &&
    new Date(line.time).toISOString() === line.time &&
    typeof line.msg === 'string'
  )
}

describe('a log', () => {
  it('is what bunyan reads', async () => {
    const { log, lines } = start()

    log.info({ tenant: 't1' }, 'sent')

    await eventually(() => expect(lines()).toHaveLength(1))
    const [line] = lines()
    expect(line).toEqual({
      name: 'line-connector',
      hostname: hostname(),
      pid: process.pid,
      level: 30,
      msg: 'sent',
      time: expect.any(String),
      v: 0,
      tenant: 't1',
    })
    expect(isBunyanRecord(line ?? {})).toBe(true)
    expect(Math.abs(Date.parse(String(line?.time)) - Date.now())).toBeLessThan(5000)
  })

  it('has bunyan’s levels', async () => {
    const { log, lines } = start()

    for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const) log[level]({}, level)

    await eventually(() => expect(lines()).toHaveLength(6))
    expect(lines().map(({ level, msg }) => [level, msg])).toEqual([
      [10, 'trace'],
      [20, 'debug'],
      [30, 'info'],
      [40, 'warn'],
      [50, 'error'],
      [60, 'fatal'],
    ])
  })

  it('leaves out what is below its level', async () => {
    const { log, lines } = start({ level: 'WARN' })

    log.info({}, 'not this')
    log.warn({}, 'this')

    await eventually(() => expect(lines().map(({ msg }) => msg)).toEqual(['this']))
    expect([log.isLevelEnabled('info'), log.isLevelEnabled('warn')]).toEqual([false, true])
  })

  it('gives its children their own fields', async () => {
    const { log, lines } = start()

    log.child({ component: 'amqp' }).warn({ tenant: 't1' }, 'x')

    await eventually(() => expect(lines()).toMatchObject([{ name: 'line-connector', component: 'amqp', tenant: 't1' }]))
  })

  it('shows an error and its causes, without what libraries hang on it', async () => {
    const { log, lines } = start()
    const cause = Object.assign(new Error('reset'), { code: 'ECONNRESET' })
    const error = Object.assign(new TypeError('no answer', { cause }), { config: { headers: { authorization: 'Bearer abcdefghij' } }, code: 7 })

    log.error({ err: error }, 'failed')

    await eventually(() => expect(lines()).toHaveLength(1))
    expect(lines()[0]?.err).toEqual({
      name: 'TypeError',
      message: 'no answer',
      code: 7,
      stack: expect.stringContaining('TypeError: no answer'),
      cause: { name: 'Error', message: 'reset', code: 'ECONNRESET', stack: expect.any(String) },
    })
  })

  it('shows no secret, wherever it stands', async () => {
    const { log, text } = start()

    log.info(
      { url: 'https://user:hunter22@api.example/?sig=abcd1234', headers: { authorization: 'Bearer abcdefghij' }, settings: { token: 'tok-12345' } },
      'Basic dXNlcjpwYXNz',
    )
    log.error({ err: new Error('POST https://api.telegram.org/bot110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/x') }, 'failed')

    await eventually(() => expect(text().split('\n')).toHaveLength(3))
    for (const secret of ['hunter22', 'abcd1234', 'abcdefghij', 'tok-12345', 'dXNlcjpwYXNz', 'AAHdqTcv']) expect(text()).not.toContain(secret)
  })
})

describe('a log that gathers its lines', () => {
  it('writes them at an error, in order', () => {
    const { log, lines } = start({ flushMilliseconds: 60_000 })

    log.info({}, 'a')
    log.warn({}, 'b')
    expect(lines()).toEqual([])
    log.error({}, 'c')

    expect(lines().map(({ msg }) => msg)).toEqual(['a', 'b', 'c'])
  })

  it('writes them when told, and when their time has come', async () => {
    const { log, lines } = start({ flushMilliseconds: 20 })

    log.info({}, 'a')
    await eventually(() => expect(lines()).toHaveLength(1))
    log.info({}, 'b')
    log.flush()

    expect(lines().map(({ msg }) => msg)).toEqual(['a', 'b'])
  })

  it('writes a child’s error at once, too', () => {
    const { log, lines } = start({ flushMilliseconds: 60_000 })

    log.child({ component: 'x' }).error({}, 'a')

    expect(lines()).toHaveLength(1)
  })
})
