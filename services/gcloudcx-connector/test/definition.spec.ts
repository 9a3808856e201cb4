import { describe, expect, it } from '@jest/globals'
import { bases, mayHaveToken } from '../src/addresses.ts'
import { gcloudcx, regions } from '../src/definition.ts'
import { required, settingsOf } from './fakes.ts'

function issuesOf(overrides: Record<string, unknown>): string[] {
  const result = gcloudcx.settings.safeParse({ ...required, ...overrides })
  return result.success ? [] : result.error.issues.map(issue => issue.path.join('.'))
}

describe('settings', () => {
  it('fill in what the admin leaves out', () => {
    expect(settingsOf()).toEqual({
      ...required,
      webhookHeaders: {},
      customData: {},
      googleMapsWidth: 400,
      googleMapsHeight: 300,
      googleMapsZoom: 15,
      googleMapsUrl: 'https://maps.googleapis.com',
      inboundApi: 'v2',
      prefetchConversationId: true,
      conversationPollSeconds: 60,
      conversationMaxIdleHours: 72,
      disconnectOnGuestLeave: false,
    })
  })
  it.each([
    ['region', 'us-east-9'],
    ['clientId', '4f1c2d3e-0a1b-1c2d-8e3f-112233445566'],
    ['clientSecret', ''],
    ['integrationName', 'x'.repeat(101)],
    ['webhookToken', 'sup3r_!s3cr3t15'],
    ['webhookUrl', 'http://um.acme.com/openmessaging'],
    ['webhookUrl', 'https://um.acme.com:8443/openmessaging'],
    ['inboundFlowId', 'my flow'],
    ['googleMapsSecret', 'with+plus/slash='],
    ['googleMapsWidth', 641],
    ['googleMapsZoom', 22],
    ['conversationPollSeconds', 14],
    ['conversationMaxIdleHours', 721],
    ['inboundApi', 'v3'],
    ['surprise', 1],
  ])('refuse %s = %j', (name, value) => {
    expect(issuesOf({ [name]: value })).toEqual([name === 'surprise' ? '' : name])
  })
  it.each([
    ['webhookToken', 'sup3r_!s3cr3t-16'],
    ['webhookUrl', 'https://um.acme.com/openmessaging'],
    ['webhookUrl', 'https://um.acme.com:443/openmessaging'],
    ['webhookUrl', ''],
    ['conversationPollSeconds', 15],
    ['conversationPollSeconds', 0],
    ['webhookHeaders', { 'X-Um-Pass': 'open' }],
  ])('take %s = %j', (name, value) => {
    expect(issuesOf({ [name]: value })).toEqual([])
  })
  it('take any http address for the webhook where the API is not the cloud', () => {
    expect(issuesOf({ webhookUrl: 'http://127.0.0.1:8080/openmessaging', apiUrl: 'http://127.0.0.1:9000' })).toEqual([])
  })
  it('refuse the value of a webhook header that no header can hold', () => {
    expect(issuesOf({ webhookHeaders: { 'X-Um-Pass': 'sésame' } })).toEqual(['webhookHeaders.X-Um-Pass'])
  })
  it.each(['Content-Type', 'X-Hub-Signature-256', 'Host', 'with space'])('refuse the webhook header %s', name => {
    expect(issuesOf({ webhookHeaders: { [name]: 'x' } })).toEqual([`webhookHeaders.${name}`])
  })
})

describe('addresses', () => {
  it.each([
    ['us-east-1', 'mypurecloud.com'],
    ['us-east-2', 'use2.us-gov-pure.cloud'],
    ['us-west-2', 'usw2.pure.cloud'],
    ['ca-central-1', 'cac1.pure.cloud'],
    ['sa-east-1', 'sae1.pure.cloud'],
    ['mx-central-1', 'mxc1.pure.cloud'],
    ['eu-west-1', 'mypurecloud.ie'],
    ['eu-west-2', 'euw2.pure.cloud'],
    ['ap-south-1', 'aps1.pure.cloud'],
    ['eu-central-1', 'mypurecloud.de'],
    ['eu-central-2', 'euc2.pure.cloud'],
    ['me-central-1', 'mec1.pure.cloud'],
    ['ap-northeast-1', 'mypurecloud.jp'],
    ['ap-northeast-2', 'apne2.pure.cloud'],
    ['ap-northeast-3', 'apne3.pure.cloud'],
    ['ap-southeast-1', 'apse1.pure.cloud'],
    ['ap-southeast-2', 'mypurecloud.com.au'],
  ])('of %s are in %s', (region, domain) => {
    expect(bases(settingsOf({ region }))).toEqual({ api: `https://api.${domain}`, login: `https://login.${domain}`, maps: 'https://maps.googleapis.com' })
  })
  it('know no other region', () => {
    expect(Object.keys(regions)).toHaveLength(17)
  })
  it('come from the settings where they are set', () => {
    const settings = settingsOf({ apiUrl: 'https://api.x.test/', loginUrl: 'https://sso.x.test', googleMapsUrl: 'https://maps.x.test' })

    expect(bases(settings)).toEqual({ api: 'https://api.x.test', login: 'https://sso.x.test', maps: 'https://maps.x.test' })
  })
  it.each([
    ['https://api.x.test', 'https://login.x.test'],
    ['http://127.0.0.1:9000', 'http://127.0.0.1:9000'],
    ['https://x.test/api.v1', 'https://x.test/api.v1'],
  ])('derive the login host of %s', (apiUrl, login) => {
    expect(bases(settingsOf({ apiUrl })).login).toBe(login)
  })
  it.each([
    ['https://api-downloads.mypurecloud.jp/x', true],
    ['https://mypurecloud.jp/x', true],
    ['http://api-downloads.mypurecloud.jp/x', false],
    ['https://evilmypurecloud.jp/x', false],
    ['https://api-downloads.mypurecloud.com/x', false],
    ['https://mypurecloud.jp.evil.test/x', false],
    ['not a url', false],
  ])('let %s see the token: %s', (url, expected) => {
    expect(mayHaveToken(url, settingsOf())).toBe(expected)
  })
  it('let the API that the settings name see the token, on its own port only', () => {
    const settings = settingsOf({ apiUrl: 'http://127.0.0.1:9000' })

    expect([mayHaveToken('http://127.0.0.1:9000/files/1', settings), mayHaveToken('http://127.0.0.1:9001/files/1', settings)]).toEqual([true, false])
  })
})
