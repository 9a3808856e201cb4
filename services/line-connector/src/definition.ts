import { type Context, defineConnector, field, needed, type Outgoing, type SettingsOf, type TenantView } from '@um/shared/contract'
import { z } from 'zod'

const console = 'LINE Developers console (https://developers.line.biz/console/)'
const phoneField = 'Names the hashed phone number of a guest whose user id is not known yet.'
const settings = z
  .strictObject({
    channelId: field.text('Channel ID', { pattern: /^\d{5,20}$/, hint: 'must be digits', unique: true, help: `${console}, channel, Basic settings.` }),
    channelSecret: field.secret('Channel Secret', {
      pattern: /^[0-9a-f]{32}$/,
      hint: 'must be 32 hexadecimal digits',
      help: `${console}, channel, Basic settings. LINE signs its webhooks with it.`,
    }),
    tokenMode: field.choice('Access Token', ['longLived', 'stateless', 'v2.1', 'shortLived'], 'longLived', {
      help: 'longLived: pasted below. stateless: a new one every quarter of an hour, by channel ID and secret. v2.1: by a key of yours. shortLived: renewed monthly.',
    }),
    channelAccessToken: field.optionalSecret('Channel Access Token', { help: `For longLived. ${console}, channel, Messaging API, at the bottom.` }),
    assertionKeyId: field.optionalText('Assertion Key ID', { max: 100, help: 'For v2.1: kid, shown once the public key is registered in Basic settings.' }),
    assertionPrivateKey: field.optionalSecret('Assertion Private Key', { help: 'For v2.1: RSA 2048 as JWK or PEM, whose public half LINE knows.' }),
    tokenDays: field.integer('Token Lifetime', { min: 1, max: 30, default: 30 }, { advanced: true, help: 'Days, for v2.1.' }),
    autoRegisterWebhook: field.toggle('Register the Webhook', true, { help: 'Otherwise enter the webhook URL on the tab Messaging API of the channel.' }),
    welcomeText: field.optionalText('Welcome Text', { max: 5000, help: 'Sent to a guest who adds or unblocks the account.' }),
    showTyping: field.toggle('Show Typing', true, { help: 'Shows the loading animation while the agent types; in chats with one guest only.' }),
    useAgentSender: field.toggle('Agent as Sender', false, { help: "Messages show the agent's name instead of the account's (at most 20 characters)." }),
    markAsRead: field.choice('Mark as Read', ['off', 'token', 'user'], 'off', {
      help: 'Once the agent answers; needs Chat to be on in the Official Account Manager. user: the older way, without tokens.',
    }),
    groupMode: field.choice('Groups', ['ignore', 'serve'], 'serve', { help: 'serve: each group or room is one conversation.' }),
    stickerImageUrl: field.optionalText('Sticker Pictures', {
      advanced: true,
      pattern: /^https:\/\/.*\{stickerId\}/,
      hint: 'must be an https URL with {stickerId}',
      help: 'Where a picture of a sticker is found, e.g. https://pictures.example.com/{packageId}/{stickerId}.png. Without it agents see its keywords.',
    }),
    pnpEnabled: field.toggle('Phone Number Push', false, { help: 'IVRs may name guests by phone number (+ and country code). Needs a contract with LINE.' }),
    pnpMode: field.choice('Phone Number Push by', ['flexible', 'template'], 'flexible', { advanced: true, help: 'What LINE has approved.' }),
    pnpTemplateKey: field.optionalText('Template Key', { max: 100, advanced: true, help: 'For template: given with its approval.' }),
    pnpDefaultCountry: field.optionalText('Default Country Code', {
      pattern: /^(81|66|886)$/,
      hint: 'must be 81, 66 or 886',
      advanced: true,
      help: 'For phone numbers without one: 81 Japan, 66 Thailand, 886 Taiwan.',
    }),
    switcherEnabled: field.toggle('Switcher', false, { help: 'IVRs may switch guests to another destination of the account. Needs a contract with LINE.' }),
    switcherSecret: field.optionalSecret('Switcher Secret', { help: 'From the Switcher contract; webhooks may be signed with it, too.' }),
    switcherServiceCode: field.optionalSecret('Switcher Service Code', { help: 'Of enterprise accounts.' }),
    switcherDestinationId: field.optionalText('Switcher Destination', { max: 200, help: 'To whom guests are switched.' }),
    switcherPath: z
      .string()
      .regex(/^\/[\w./-]+$/, 'must be a path')
      .default('/v2/bot/admin/switcher/switch')
      .meta({ title: 'Switcher Path', advanced: true }),
    switcherPhoneField: z.string().min(1).max(50).default('to').meta({ title: 'Switcher Phone Field', description: phoneField, advanced: true }),
    apiUrl: field.url('API URL', 'https://api.line.me', { advanced: true }),
    dataApiUrl: field.url('Content API URL', 'https://api-data.line.me', { advanced: true }),
  })
  .superRefine(
    needed({
      channelAccessToken: [({ tokenMode }) => tokenMode === 'longLived', 'long-lived tokens'],
      assertionKeyId: [({ tokenMode }) => tokenMode === 'v2.1', 'v2.1 tokens'],
      assertionPrivateKey: [({ tokenMode }) => tokenMode === 'v2.1', 'v2.1 tokens'],
      pnpTemplateKey: [({ pnpEnabled, pnpMode }) => pnpEnabled && pnpMode === 'template', 'Phone Number Push by template'],
      switcherSecret: [({ switcherEnabled }) => switcherEnabled, 'the switcher'],
      switcherDestinationId: [({ switcherEnabled }) => switcherEnabled, 'the switcher'],
    }),
  )

/** Limits: https://developers.line.biz/en/reference/messaging-api/ */
export const line = defineConnector({
  id: 'line',
  role: 'messaging',
  label: 'LINE',
  media: 'LINE',
  ingress: '/line',
  settings,
  capabilities: {
    text: { level: 'native', maxText: 5000 },
    attachment: { level: 'partial', maxCaption: 5000 },
    sticker: { level: 'partial' },
    location: { level: 'native' },
    contact: { level: 'partial' },
    structured: { level: 'partial', maxText: 5000, maxItems: 50, templates: ['quickReplies', 'buttons', 'cards', 'listPicker', 'timePicker', 'form'] },
    typing: { level: 'partial' },
  },
})
export type Settings = SettingsOf<typeof line>
export type Tenant = TenantView<Settings>
export type Out = Outgoing<Settings>
export type Ctx = Context<Settings>
