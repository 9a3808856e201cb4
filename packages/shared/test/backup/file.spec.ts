import { gzipSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import { type BackupFile, type BackupRecord, checkBackup, parseBackup, readBackup, writeBackup } from '../../src/backup/index.ts'

const records: BackupRecord[] = [
  { kind: 'settings', document: { outboundProxy: null } },
  { kind: 'storage', document: { id: 's', name: 'Bucket' } },
  { kind: 'tenant', document: { id: 't', name: 'ÄCME\nand more', token: 'the secret of a tenant' } },
  { kind: 'user', document: { name: 'admin' } },
  { kind: 'kept', service: 'zalo-connector', entry: { id: 't', state: { a: 'b' }, store: { refresh: { value: 'used once', expiresAt: 5 } } } },
]
const facts = { product: '1.0.14', deployment: 'prod', createdAt: new Date('2026-02-03T04:05:06Z') }
const passphrase = 'correct hörse battery'
const clear = () => writeBackup(records, { ...facts, passphrase: undefined })
const encrypted = () => writeBackup(records, { ...facts, passphrase })
const whyRefused = async (work: () => unknown): Promise<{ reason?: string; message: string }> => {
  try {
    await work()
  } catch (error) {
    return error as Error
  }
  throw new Error('it was not refused')
}

describe('a backup', () => {
  it('gives back what was put in, with and without a passphrase', async () => {
    expect(await readBackup(await clear(), undefined)).toEqual(records)
    expect(await readBackup(await encrypted(), passphrase)).toEqual(records)
  })

  it('survives being written as text, indented, and read again', async () => {
    const text = JSON.stringify(await encrypted(), null, 2)

    expect(await readBackup(parseBackup(text), passphrase)).toEqual(records)
  })

  it('says what it is in members that anyone may read, and how much it holds', async () => {
    const { payload: _payload, checksum: _checksum, ...header } = await clear()

    expect(header).toEqual({
      format: 'universal-messaging-backup',
      version: 1,
      product: '1.0.14',
      deployment: 'prod',
      createdAt: '2026-02-03T04:05:06.000Z',
      contents: { tenants: 1, storages: 1, users: 1, kept: 1 },
      encryption: null,
    })
  })

  it('holds no secret that can be read when it is encrypted, nor the same bytes twice', async () => {
    const [one, two] = [await encrypted(), await encrypted()]
    const bytes = Buffer.from(one.payload, 'base64')

    expect(bytes.subarray(0, 2)).not.toEqual(Buffer.from([0x1f, 0x8b]))
    expect(one.payload).not.toBe(two.payload)
    expect(Buffer.from((await clear()).payload, 'base64').subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]))
  })

  it('opens with the passphrase typed in another form of the same letters', async () => {
    expect(await readBackup(await encrypted(), passphrase.normalize('NFD'))).toEqual(records)
  })
})

describe('a file is refused in one line', () => {
  it.each([
    ['another file', 'hello', 'foreign', 'This is not a backup of Universal Messaging.'],
    ['other JSON', '{"format":"x"}', 'foreign', 'This is not a backup of Universal Messaging.'],
    ['a list', '[]', 'foreign', 'This is not a backup of Universal Messaging.'],
    ['nothing', '', 'foreign', 'This is not a backup of Universal Messaging.'],
    [
      'a later format',
      '{"format":"universal-messaging-backup","version":2}',
      'later',
      'The backup has format 2, made by a later version of Universal Messaging; this one reads up to 1.',
    ],
  ])('for %s', async (_what, text, reason, message) => {
    expect(await whyRefused(() => parseBackup(text))).toMatchObject({ reason, message })
  })

  it('when it is cut off anywhere', async () => {
    const text = JSON.stringify(await encrypted())

    for (const length of [60, Math.floor(text.length / 2), text.length - 1])
      expect(await whyRefused(() => parseBackup(text.slice(0, length)))).toMatchObject({
        reason: 'damaged',
        message: 'The backup is cut off or damaged: it is not whole JSON.',
      })
  })

  it('when any one member was changed', async () => {
    const file = await encrypted()
    const spoilt: Partial<Record<keyof BackupFile, unknown>>[] = [
      { product: '1.0.15' },
      { deployment: 'test' },
      { createdAt: '2026-02-03T04:05:07.000Z' },
      { contents: { ...file.contents, tenants: 2 } },
      { encryption: null },
      { payload: `${file.payload.slice(0, 20)}${file.payload[20] === 'A' ? 'B' : 'A'}${file.payload.slice(21)}` },
      { checksum: `${file.checksum.slice(0, -1)}${file.checksum.endsWith('0') ? '1' : '0'}` },
      { payload: undefined },
    ]

    for (const change of spoilt) expect(await whyRefused(() => checkBackup({ ...file, ...change }))).toMatchObject({ reason: 'damaged' })
  })

  it.each([
    ['a wrong passphrase', 'correct horse battery', 'The passphrase is wrong.'],
    ['no passphrase', undefined, 'The backup is encrypted: give its passphrase.'],
  ])('for %s', async (_what, given, message) => {
    const file = await encrypted()

    expect(await whyRefused(() => readBackup(file, given))).toMatchObject({ reason: 'passphrase', message })
  })

  it('when its records are none, although the checksum is right', async () => {
    const file = await clear()
    const forged = await writeBackup([], { ...facts, passphrase: undefined })
    const payload = gzipSync('{"kind":"nothing"}\n').toString('base64')

    expect(await whyRefused(() => readBackup({ ...file, payload }, undefined))).toMatchObject({ reason: 'damaged' })
    expect(await whyRefused(() => readBackup({ ...file, payload: forged.payload }, undefined))).toMatchObject({
      message: 'The backup is damaged: it does not hold as much as it says.',
    })
  })

  it('when it would make its reader work for ever, or unpack to more than any fleet has', async () => {
    const file = await encrypted()
    const costly = { ...file, encryption: { ...file.encryption, N: 2 ** 30 } }
    const bomb = { ...(await clear()), payload: gzipSync(Buffer.alloc(300 * 1024 * 1024)).toString('base64') }

    expect(await whyRefused(() => checkBackup(costly))).toMatchObject({
      reason: 'damaged',
      message: 'The backup is damaged: its member encryption.N is not right.',
    })
    expect(await whyRefused(() => readBackup(bomb, undefined))).toMatchObject({ reason: 'damaged' })
  })
})
