import { describe, expect, it } from '@jest/globals'
import { type DataOf, envelope, readEnvelope } from '../../src/model/index.ts'

const facts = { id: 'm1', source: '/line', subject: 't1/U1', time: new Date('2026-02-03T04:05:06.789Z') }
const message: DataOf<'um.message.v1'> = {
  tenantId: 't1',
  guest: 'U1',
  from: 'line',
  to: 'gcloudcx',
  content: { kind: 'text', text: 'é😀\n' },
  author: 'guest',
  origin: { service: 'line', id: '9007199254740993' },
  profile: { displayName: 'Lena', participantData: { locale: 'ja' } },
  at: '2026-02-03T04:05:06.000Z',
}
const overTheWire = (value: unknown) => readEnvelope(Buffer.from(JSON.stringify(value)))

describe('an envelope', () => {
  it('is a CloudEvent', () => {
    expect(envelope('um.message.v1', { ...facts, traceparent: '00-4bf9-00f0-01' }, message)).toEqual({
      specversion: '1.0',
      id: 'm1',
      source: '/line',
      type: 'um.message.v1',
      subject: 't1/U1',
      time: '2026-02-03T04:05:06.789Z',
      traceparent: '00-4bf9-00f0-01',
      datacontenttype: 'application/json',
      data: message,
    })
  })

  it('arrives as it was sent', () => {
    const sent = envelope('um.message.v1', facts, message)

    expect(overTheWire(sent)).toEqual(sent)
    expect(sent).not.toHaveProperty('traceparent')
  })

  it.each<[string, () => unknown]>([
    ['um.typing.v1', () => envelope('um.typing.v1', facts, { tenantId: 't', guest: 'g', from: 'a', to: 'b', on: true, at: 'x' })],
    [
      'um.receipt.v1',
      () => envelope('um.receipt.v1', facts, { tenantId: 't', guest: 'g', from: 'a', to: 'b', of: 'm', state: 'failed', code: 'blocked', at: 'x' }),
    ],
    [
      'um.lifecycle.v1',
      () => envelope('um.lifecycle.v1', facts, { tenantId: 't', guest: 'g', from: 'a', to: 'b', change: 'ended', data: { by: 'agent' }, at: 'x' }),
    ],
    ['um.config.v1', () => envelope('um.config.v1', facts, { op: 'put', collection: 'tenants', id: 't', revision: 3, sealed: 'v1.x' })],
    [
      'um.event.v1',
      () =>
        envelope('um.event.v1', facts, {
          tenantId: 't',
          guest: 'g',
          connector: 'line',
          event: { id: 'e', at: 'x', guest: 'g', type: 'message', more: { a: [1] } },
        }),
    ],
  ])('of type %s arrives as it was sent', (_type, make) => {
    const sent = make()

    expect(overTheWire(sent)).toEqual(sent)
  })

  it.each<[string, object, string]>([
    ['another version', { specversion: '0.3' }, 'specversion'],
    ['an unknown type', { type: 'um.message.v2' }, 'type'],
    ['no id', { id: '' }, 'id'],
    ['data of another type', { type: 'um.receipt.v1' }, 'of'],
    ['an unknown author', { data: { ...message, author: 'nobody' } }, 'author'],
    ['an unknown content', { data: { ...message, content: { kind: 'poll' } } }, 'content'],
    ['no data', { data: undefined }, ''],
  ])('is refused with the name of the field: %s', (_name, more, name) => {
    const broken = { ...envelope('um.message.v1', facts, message), ...more }

    expect(() => overTheWire(broken)).toThrow(expect.objectContaining({ name: 'ZodError', message: expect.stringContaining(name) }))
  })

  it('is refused when it is no JSON', () => {
    expect(() => readEnvelope(Buffer.from('{'))).toThrow(SyntaxError)
  })
})
