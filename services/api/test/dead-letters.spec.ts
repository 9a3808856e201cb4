import { describe, expect, it } from '@jest/globals'
import { maskedBody, readDeadLetter, rejuvenated } from '../src/dead-letters/letter.ts'

const now = new Date('2026-02-03T04:05:06Z')
const envelope = {
  id: 'm1',
  type: 'um.message.v1',
  subject: 't/g',
  time: '2026-01-01T00:00:00.000Z',
  data: {
    tenantId: 't',
    guest: 'g',
    content: { kind: 'attachment', media: 'image', caption: 'my passport', source: { url: 'https://x/secret.png', mime: 'image/png', size: 7 } },
    profile: { displayName: 'Lena', participantData: { locale: 'es' } },
    author: 'guest',
  },
}
const headers = {
  'x-reason': 'unavailable',
  'x-why': encodeURIComponent('502: née'),
  'x-service': 'telegram-connector',
  'x-exchange': 'gum.messages',
  'x-key': 'outbound.telegram.03',
  'x-conversation': 't/g',
}
const body = (value: unknown) => Buffer.from(JSON.stringify(value))

describe('readDeadLetter', () => {
  it('tells what died where and why', () => {
    expect(readDeadLetter(body(envelope), headers, now)).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      service: 'telegram-connector',
      reason: 'unavailable',
      why: '502: née',
      diedAt: '2026-02-03T04:05:06.000Z',
      times: 1,
      exchange: 'gum.messages',
      key: 'outbound.telegram.03',
      conversation: 't/g',
      type: 'um.message.v1',
      messageId: 'm1',
      tenantId: 't',
      guest: 'g',
    })
  })

  it('is the same letter when the same message dies again, and another one at another service', () => {
    const again = readDeadLetter(body({ ...envelope, time: 'later' }), headers, now)
    const elsewhere = readDeadLetter(body(envelope), { ...headers, 'x-service': 'gcloudcx-connector' }, now)

    const first = readDeadLetter(body(envelope), headers, now)
    expect(again.id).toBe(first.id)
    expect(elsewhere.id).not.toBe(first.id)
  })

  it.each([Buffer.from('not json'), body(null), body({ id: 3, data: { tenantId: 4 } }), Buffer.alloc(0)])('keeps what cannot be read too: %s', content => {
    const letter = readDeadLetter(content, {}, now)

    expect(letter).toMatchObject({ reason: 'bug', messageId: null, tenantId: null, conversation: null })
  })

  it('takes a reason that is not percent-encoded as it is', () => {
    expect(readDeadLetter(body(envelope), { ...headers, 'x-why': '100%' }, now).why).toBe('100%')
  })
})

describe('maskedBody', () => {
  it('hides what people said and who they are, and shows the structure', () => {
    const masked = maskedBody(JSON.stringify(envelope))

    expect(masked).toEqual({
      ...envelope,
      data: {
        ...envelope.data,
        content: { kind: 'attachment', media: 'image', caption: '***', source: { url: '***', mime: 'image/png', size: 7 } },
        profile: { displayName: '***', participantData: { locale: '***' } },
      },
    })
  })

  it('hides numbers and lists too', () => {
    const masked = maskedBody(JSON.stringify({ data: { content: { kind: 'location', latitude: 35.6, phones: ['+81', { n: '1' }] } } }))

    expect(masked).toEqual({ data: { content: { kind: 'location', latitude: '***', phones: ['***', { n: '***' }] } } })
  })

  it('hides all of what is not JSON', () => {
    expect(maskedBody('hello')).toBe('***')
  })
})

describe('rejuvenated', () => {
  it('gives the message a new time and leaves the rest', () => {
    expect(JSON.parse(rejuvenated(JSON.stringify(envelope), now))).toEqual({ ...envelope, time: '2026-02-03T04:05:06.000Z' })
  })

  it.each(['not json', 'null', '{}', '[1]'])('leaves %s as it is', text => {
    expect(rejuvenated(text, now)).toBe(text)
  })
})
