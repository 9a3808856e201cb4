import { describe, expect, it } from '@jest/globals'
import { telegram } from '../src/definition.ts'
import { settings } from './samples.ts'

const accepts = (more: object): boolean => telegram.settings.safeParse({ ...settings, ...more }).success

it('names the service, the path and the media as the guide does', () => {
  expect(telegram).toMatchObject({ id: 'telegram', role: 'messaging', label: 'Telegram', media: 'Telegram', ingress: '/telegram' })
})

describe('settings', () => {
  it('have a secret that fills itself in, and fold away what few need', () => {
    const advanced = Object.entries(telegram.settings.shape).filter(([, field]) => field.meta()?.advanced === true)

    expect(telegram.settings.shape.webhookSecret.meta()).toMatchObject({ secret: true, generated: 'token' })
    expect(telegram.settings.shape.apiToken.meta()).toMatchObject({ secret: true })
    expect(advanced.map(([name]) => name)).toEqual([
      'acceptChannelPosts',
      'businessMode',
      'protectContent',
      'disableNotification',
      'linkPreview',
      'maxConnections',
      'ipAddress',
      'apiUrl',
    ])
  })
  it('need a token and a secret, and have a default for everything else', () => {
    const saved = telegram.settings.parse(settings)

    expect(saved).toEqual({
      ...settings,
      startOpensConversation: true,
      showTyping: true,
      groupMode: 'mentions',
      acceptChannelPosts: false,
      businessMode: false,
      protectContent: false,
      disableNotification: false,
      linkPreview: true,
      maxConnections: 40,
      apiUrl: 'https://api.telegram.org',
    })
  })

  it.each([
    ['without the bot id', 'AAEexampleexampleexampleexample-_01'],
    ['with 29 characters behind the colon', `70:${'a'.repeat(29)}`],
    ['with a character that tokens have not', `70:${'a'.repeat(30)}.`],
  ])('refuse a token %s', (_, apiToken) => {
    expect(accepts({ apiToken })).toBe(false)
  })
  it('take the shortest token', () => {
    expect(accepts({ apiToken: `7:${'a'.repeat(30)}` })).toBe(true)
  })

  it.each([
    ['with a space', 'bad secret'],
    ['with an exclamation mark', 'bad!'],
    ['of 257 characters', 'a'.repeat(257)],
    ['that is empty', ''],
  ])('refuse a webhook secret %s', (_, webhookSecret) => {
    expect(accepts({ webhookSecret })).toBe(false)
  })
  it('take a webhook secret of 256 characters', () => {
    expect(accepts({ webhookSecret: 'a'.repeat(256) })).toBe(true)
  })

  it.each([
    ['maxConnections', 0],
    ['maxConnections', 101],
    ['groupMode', 'some'],
    ['ipAddress', 'um.example.com'],
    ['welcomeText', 'w'.repeat(4097)],
    ['apiUrl', 'ftp://api.example.com'],
  ])('refuse %s %j', (name, value) => {
    expect(accepts({ [name]: value })).toBe(false)
  })
  it.each([1, 100])('take %i connections', maxConnections => {
    expect(accepts({ maxConnections })).toBe(true)
  })
  it('take an IPv6 address, and an API URL without its last slash', () => {
    const saved = telegram.settings.parse({ ...settings, ipAddress: '2001:db8::1', apiUrl: 'http://127.0.0.1:8081/' })

    expect(saved).toMatchObject({ ipAddress: '2001:db8::1', apiUrl: 'http://127.0.0.1:8081' })
  })
})
