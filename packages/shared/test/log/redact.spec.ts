import { describe, expect, it } from '@jest/globals'
import { redactText } from '../../src/log/index.ts'

describe('redactText', () => {
  it.each([
    ['Authorization: Bearer eyJhbGciOi.J9-_~+/=', 'Authorization: Bearer ***'],
    ['authorization: basic dXNlcjpwYXNz', 'authorization: basic ***'],
    ['POST https://api.telegram.org/bot110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/sendMessage', 'POST https://api.telegram.org/bot***/sendMessage'],
    ['GET /x?a=1&access_token=abc&b=2', 'GET /x?a=1&access_token=***&b=2'],
    [
      'https://b.s3.amazonaws.com/k?X-Amz-Signature=abc&X-Amz-Credential=AKIA%2F1 end',
      'https://b.s3.amazonaws.com/k?X-Amz-Signature=***&X-Amz-Credential=*** end',
    ],
    ['https://a.blob.core.windows.net/c/b?sv=1&sig=a%2Bb', 'https://a.blob.core.windows.net/c/b?sv=1&sig=***'],
    ['{"access_token":"abc","expires_in":5}', '{"access_token":"***","expires_in":5}'],
    ['{"clientSecret" : "a\\"b", "name":"c"}', '{"clientSecret" : "***", "name":"c"}'],
    ['{"private_key":"-----BEGIN\\nabc","token":"","routing_key":"r"}', '{"private_key":"***","token":"***","routing_key":"***"}'],
    ['amqp://user:pa$s@rabbit:5672/', 'amqp://user:***@rabbit:5672/'],
    ['redis://:pass@redis:6379', 'redis://:***@redis:6379'],
  ])('hides what is secret in %s', (text, clean) => {
    expect(redactText(text)).toBe(clean)
  })

  it.each([
    ['https://hooks.slack.com/services/T00/B00/abcdef', 'https://hooks.slack.com/services/T***/B***/***'],
    ['https://hooks.slack.com/workflows/T00/A00/1/abc failed', 'https://hooks.slack.com/workflows/*** failed'],
    ['https://discord.com/api/webhooks/1080/dXk2-_A?wait=true', 'https://discord.com/api/webhooks/1080/***?wait=true'],
    [
      'https://apps.mypurecloud.jp/webhooks/api/v1/webhook/0f8fad5b-d9cb-469f-a165-70867728950e',
      'https://apps.mypurecloud.jp/webhooks/api/v1/webhook/****950e',
    ],
  ])('hides the secret part of the webhook %s', (text, clean) => {
    expect(redactText(text)).toBe(clean)
  })

  it('hides private keys', () => {
    const pem = '-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nIBAAKC\n-----END RSA PRIVATE KEY-----'

    expect(redactText(`key ${pem} was refused`)).toBe('key *** was refused')
    expect(redactText(JSON.stringify({ msg: pem, more: 1 }))).toBe('{"msg":"***","more":1}')
    expect(redactText('-----BEGIN PRIVATE KEY-----\nMIIEow')).toBe('***')
  })

  it('hides them also in JSON that is a string in JSON', () => {
    const line = JSON.stringify({
      token: 'ends\\',
      msg: 'refused',
      body: JSON.stringify({ access_token: 'abc', secret: 'a"b\\', note: 'kept', deep: JSON.stringify({ password: 'pw1' }) }),
    })

    const clean = redactText(line)

    for (const secret of ['abc', 'a"b', 'b\\\\', 'pw1']) expect(clean).not.toContain(secret)
    expect(clean).toContain('kept')
    expect(JSON.parse(JSON.parse(clean).body)).toMatchObject({ access_token: '***', secret: '***', note: 'kept' })
    expect(JSON.parse(JSON.parse(JSON.parse(clean).body).deep)).toEqual({ password: '***' })
    expect(JSON.parse(clean).token).toBe('***')
  })

  it('is quick with a text made to be slow', () => {
    const started = performance.now()

    for (const piece of ['a', '"', '\\', '"token":"', '"aaaa_', 'Bearer ', 'https://', 'bot1', '?key=', '-----BEGIN PRIVATE KEY-----'])
      redactText(piece.repeat(50_000 / piece.length))

    expect(performance.now() - started).toBeLessThan(1000)
  })

  it.each([
    'the token was refused',
    'GET /tenants/12?page=2&monkey=1',
    '{"tokens":5,"name":"token"}',
    'https://example.com:8080/a@b',
    'bot12:short',
    'at 12:30:45 user:guest@example.com wrote',
  ])('leaves %j alone', text => {
    expect(redactText(text)).toBe(text)
  })
})
