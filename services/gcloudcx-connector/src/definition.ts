import { type Context, defineConnector, field, type Outgoing, type SettingsOf, type TenantView } from '@um/shared/contract'
import { z } from 'zod'

/** https://developer.genesys.cloud/platform/api/ : one API host and one login host per region. */
export const regions = {
  'us-east-1': { label: 'Americas (US East)', domain: 'mypurecloud.com' },
  'us-east-2': { label: 'Americas (US East 2, FedRAMP)', domain: 'use2.us-gov-pure.cloud' },
  'us-west-2': { label: 'Americas (US West)', domain: 'usw2.pure.cloud' },
  'ca-central-1': { label: 'Americas (Canada)', domain: 'cac1.pure.cloud' },
  'sa-east-1': { label: 'Americas (São Paulo)', domain: 'sae1.pure.cloud' },
  'mx-central-1': { label: 'Americas (Mexico)', domain: 'mxc1.pure.cloud' },
  'eu-west-1': { label: 'EMEA (Ireland)', domain: 'mypurecloud.ie' },
  'eu-west-2': { label: 'EMEA (London)', domain: 'euw2.pure.cloud' },
  'eu-central-1': { label: 'EMEA (Frankfurt)', domain: 'mypurecloud.de' },
  'eu-central-2': { label: 'EMEA (Zurich)', domain: 'euc2.pure.cloud' },
  'me-central-1': { label: 'EMEA (UAE)', domain: 'mec1.pure.cloud' },
  'ap-northeast-1': { label: 'Japan', domain: 'mypurecloud.jp' },
  'ap-northeast-2': { label: 'Asia Pacific (Seoul)', domain: 'apne2.pure.cloud' },
  'ap-northeast-3': { label: 'Asia Pacific (Osaka)', domain: 'apne3.pure.cloud' },
  'ap-southeast-1': { label: 'Asia Pacific (Singapore)', domain: 'apse1.pure.cloud' },
  'ap-southeast-2': { label: 'Asia Pacific (Sydney)', domain: 'mypurecloud.com.au' },
  'ap-south-1': { label: 'Asia Pacific (Mumbai)', domain: 'aps1.pure.cloud' },
} as const
export type Region = keyof typeof regions

const regionIds = Object.keys(regions) as [Region, ...Region[]]
const regionLabels = Object.fromEntries(regionIds.map(id => [id, regions[id].label]))

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i
const uuidV4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i
/** RFC 9110 token */
const headerName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const reservedHeaders = new Set(['content-type', 'content-length', 'host', 'x-hub-signature-256'])
const headerValue = /^[\x20-\x7e]*$/

const settings = z
  .strictObject({
    region: field.pick('Region', regionIds, { labels: regionLabels, help: 'Where the organization lives (Account Settings > Organization Settings).' }),
    clientId: field.text('Client Identifier', {
      pattern: uuidV4,
      hint: 'is not a client identifier (UUID)',
      help: 'Admin > Integrations > OAuth, a client of the grant type "Client Credentials".',
      unique: { together: 'integration' },
    }),
    clientSecret: field.secret('Secret', { help: 'Shown once, when the OAuth client is made.' }),
    integrationName: field.text('Integration Name', {
      max: 100,
      help: 'Name of the Open Messaging platform in Genesys Cloud; unique in the organization.',
      unique: { together: 'integration' },
    }),
    webhookUrl: field.optionalUrl('Integration WebHook', { help: 'https on port 443. Empty: the address of this installation.' }),
    webhookToken: field.secret('Integration Token', {
      min: 16,
      max: 200,
      generated: 'uuid',
      help: 'At least 16 characters. Genesys Cloud signs its messages with it.',
    }),
    webhookHeaders: field.map('WebHook Headers', {
      secret: true,
      maxEntries: 20,
      advanced: true,
      help: 'Genesys Cloud sends these headers with each message; messages without them are refused.',
    }),
    supportedContentId: field.optionalText('Supported Content Profile', {
      max: 100,
      advanced: true,
      help: "Its identifier. Empty: the organization's default.",
    }),
    inboundFlowId: field.optionalText('Inbound Message Flow', {
      pattern: uuid,
      hint: 'is not a flow identifier (UUID)',
      help: 'Can be chosen once the tenant is saved.',
    }),
    customData: field.map('Custom Data', { help: 'Added to the participant data that agents and flows see.' }),
    agentName: field.optionalText('Agent Name', { max: 100, help: 'Shown to the guest when the name of the agent is not known.' }),
    googleMapsKey: field.optionalSecret('Google Maps Key', { help: 'Empty: locations have no preview.' }),
    googleMapsSecret: field.optionalSecret('Google Maps Secret', {
      pattern: /^[A-Za-z0-9_-]+={0,2}$/,
      hint: 'is not URL-safe base64',
      help: 'URL signing secret.',
    }),
    googleMapsLanguage: field.optionalText('Google Maps Language', { pattern: /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, hint: 'is not a language tag, e.g. ja' }),
    googleMapsHeight: field.integer('Google Maps Height', { min: 1, max: 640, default: 300 }, { help: 'Pixels.' }),
    googleMapsWidth: field.integer('Google Maps Width', { min: 1, max: 640, default: 400 }, { help: 'Pixels.' }),
    googleMapsZoom: field.integer('Google Maps Zoom Level', { min: 0, max: 21, default: 15 }),
    apiUrl: field.optionalUrl('API URL', { advanced: true, help: "Empty: the region's." }),
    loginUrl: field.optionalUrl('Login URL', { advanced: true, help: "Empty: the region's." }),
    googleMapsUrl: field.url('Google Maps URL', 'https://maps.googleapis.com', { advanced: true }),
    inboundApi: field.choice('Inbound API', ['v2', 'legacy'], 'v2', {
      advanced: true,
      help: 'legacy: the single, deprecated address, without typing and choices.',
    }),
    prefetchConversationId: field.toggle('Ask for the conversation', true, {
      advanced: true,
      help: 'Genesys Cloud tells the conversation of each message; needed to notice its end early.',
    }),
    conversationPollSeconds: field.integer(
      'Conversation Poll',
      { min: 0, max: 3600, default: 60 },
      { advanced: true, help: 'Seconds, at least 15; 0: never ask whether a conversation has ended.' },
    ),
    conversationMaxIdleHours: field.integer(
      'Conversation Idle Time',
      { min: 1, max: 720, default: 72 },
      { advanced: true, help: 'Hours without a message after which a conversation counts as ended.' },
    ),
    disconnectOnGuestLeave: field.toggle('Disconnect when the guest leaves', false, {
      advanced: true,
      help: 'Needs the permission conversation:communication:disconnect.',
    }),
  })
  .superRefine((value, check) => {
    const refusal = value.webhookUrl === undefined ? undefined : webhookUrlRefusal(value.webhookUrl, value.apiUrl)
    if (refusal !== undefined) check.addIssue({ code: 'custom', path: ['webhookUrl'], message: refusal })
    for (const [name, content] of Object.entries(value.webhookHeaders)) {
      if (!headerValue.test(content)) check.addIssue({ code: 'custom', path: ['webhookHeaders', name], message: 'may hold ASCII characters only' })
      if (!headerName.test(name)) check.addIssue({ code: 'custom', path: ['webhookHeaders', name], message: 'is not a header name' })
      else if (reservedHeaders.has(name.toLowerCase()))
        check.addIssue({ code: 'custom', path: ['webhookHeaders', name], message: 'is set by Genesys Cloud itself' })
    }
    if (value.conversationPollSeconds > 0 && value.conversationPollSeconds < 15) {
      check.addIssue({ code: 'custom', path: ['conversationPollSeconds'], message: 'must be 0 or at least 15' })
    }
  })

/** Why Genesys Cloud would not call this address. Another API than the cloud's (`apiUrl`) may have other rules, so there any http(s) address is fine. */
export function webhookUrlRefusal(url: string, apiUrl: string | undefined): string | undefined {
  if (apiUrl !== undefined) return undefined
  const { protocol, port } = new URL(url)
  return protocol === 'https:' && port === '' ? undefined : 'must be https on port 443: Genesys Cloud calls no other'
}

export const gcloudcx = defineConnector({
  id: 'gcloudcx',
  role: 'cx',
  label: 'Genesys Cloud CX',
  media: 'Genesys Cloud CX',
  ingress: '/openmessaging',
  settings,
  capabilities: {
    text: { level: 'native', maxText: 10_000 },
    attachment: { level: 'native', maxBytes: 25 * 1024 * 1024, maxCaption: 10_000 },
    location: { level: 'native' },
    choice: { level: 'native' },
    typing: { level: 'native' },
  },
})
export type Settings = SettingsOf<typeof gcloudcx>
export type Tenant = TenantView<Settings>
export type Out = Outgoing<Settings>
export type Ctx = Context<Settings>
