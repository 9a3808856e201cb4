import { describe, expect, it } from '@jest/globals'
import { noticeOf, recovered, refused, started, tenant } from './notices.ts'

describe('buildNotice', () => {
  it('says who speaks, of what, and when', () => {
    expect(noticeOf(refused)).toEqual({
      id: '8d0c39c2-6d0f-4a3e-9f55-0e0e7f5c6a01',
      topic: 'Subscriptions',
      event: 'subscription.error',
      severity: 'error',
      deployment: 'acme-prod',
      service: 'line-connector',
      label: 'LINE Connector',
      pod: 'acme-line-connector-6c9f-abcde',
      version: '1.0.14',
      message: 'Tenant "ACME LINE" (LINE): channel access token refused',
      tenant,
      reason: 'token-refused',
      occurredAt: new Date('2026-02-03T04:05:06Z'),
      dedupKey: 'gum/acme-prod/line/259bb4e2-f7e5-4b06-9a51-c528f412404b/token-refused',
      heldBack: 0,
      url: 'https://messaging.acme.com',
    })
  })

  it.each([
    ['service.started', 'Default', 'info'],
    ['service.stopping', 'Default', 'info'],
    ['service.failed', 'Default', 'critical'],
    ['subscription.error', 'Subscriptions', 'error'],
    ['subscription.recovered', 'Subscriptions', 'info'],
    ['subscription.expiring', 'Subscriptions', 'warning'],
    ['commander.error', 'Subscriptions', 'error'],
    ['message.dead', 'Default', 'error'],
    ['test', 'Default', 'info'],
  ] as const)('puts %s under %s as %s', (event, topic, severity) => {
    expect(noticeOf({ event, message: 'x' })).toMatchObject({ topic, severity })
  })

  it('recognises a recovery by the key of its trouble', () => {
    expect(noticeOf(recovered).dedupKey).toBe(noticeOf(refused).dedupKey)
    expect(noticeOf({ ...recovered, reason: 'watch' }).dedupKey).not.toBe(noticeOf(refused).dedupKey)
  })

  it('tells dead letters apart from other troubles of the same code', () => {
    expect(noticeOf({ ...refused, event: 'message.dead' }).dedupKey).toBe('gum/acme-prod/line/259bb4e2-f7e5-4b06-9a51-c528f412404b/dead-token-refused')
  })

  it('names a storage’s platform by its provider', () => {
    expect(noticeOf({ ...refused, reason: 'storage' }, { service: 'aws-provider' }).dedupKey).toBe(`gum/acme-prod/aws/${tenant.id}/storage`)
  })

  it('never repeats a start', () => {
    expect(noticeOf(started).dedupKey).toBeNull()
  })

  it('ends a key that is too long in the hash of the whole', () => {
    const at = (length: number) => noticeOf(refused, { deployment: 'd'.repeat(length) }).dedupKey ?? ''

    // sha256 of 'gum/' + 300 × 'd' + '/line/259bb4e2-f7e5-4b06-9a51-c528f412404b/token-refused'
    expect(at(300)).toBe(`gum/${'d'.repeat(187)}bcf39ff07cfd7bb84b6788972f6104f05c9d5f603f620313bacc61a21e296643`)
    expect(at(195)).toBe(`gum/${'d'.repeat(195)}/line/${tenant.id}/token-refused`)
    expect(at(195)).toHaveLength(255)
    expect(at(196)).not.toContain('token-refused')
    expect(at(196)).toHaveLength(255)
  })

  it('cleans texts of control characters, but keeps lines', () => {
    const notice = noticeOf({ ...refused, message: '  a\u0000b\u001b[31m\tc\r\nd\u009f  ', tenant: { ...tenant, name: '\u0007ACME\n' } })

    expect(notice.message).toBe('ab[31mc\nd')
    expect(notice.tenant?.name).toBe('ACME')
  })

  it('shows no credential that an error text holds', () => {
    const { message } = noticeOf({ ...refused, message: 'GET https://api.example/x?access_token=s3cr3t-t0ken refused (Bearer abcdefghijkl)' })

    expect(message).toBe('GET https://api.example/x?access_token=*** refused (Bearer ***)')
  })

  it('bounds messages and codes', () => {
    const notice = noticeOf({ ...refused, message: 'm'.repeat(5000), reason: 'r'.repeat(500) })

    expect(notice.message).toHaveLength(4000)
    expect(notice.reason).toHaveLength(100)
  })

  it.each(['http://localhost', 'not a url'])('has no link for %s', publicUrl => {
    expect(noticeOf(started, { publicUrl }).url).toBeNull()
  })
})
