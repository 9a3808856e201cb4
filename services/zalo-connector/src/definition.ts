import { type Context, defineConnector, field, type Outgoing, type SettingsOf, type TenantView } from '@um/shared/contract'
import { z } from 'zod'

const application = 'https://developers.zalo.me › your application'
const digits = { pattern: /^\d{6,20}$/, hint: 'must be 6 to 20 digits', unique: { together: 'account' } } as const
const inHeader = { pattern: /^[\x21-\x7e]+$/, hint: 'must be Latin letters, digits and signs without spaces or line breaks', max: 200 }
const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
const megabyte = 2 ** 20

/** https://developers.zalo.me/docs/official-account/ */
export const zalo = defineConnector({
  id: 'zalo',
  role: 'messaging',
  label: 'Zalo',
  media: 'Zalo',
  ingress: '/zalo',
  homePageTags: [{ name: 'zalo-platform-site-verification', file: 'zalo_verifier*.html' }],
  settings: z.strictObject({
    appId: field.text('Application ID', { ...digits, help: `${application} › Settings.` }),
    appSecret: field.secret('Application Secret', { ...inHeader, help: `${application} › Settings › secret key.` }),
    oaId: field.text('Official Account ID', { ...digits, help: `${application} › Official Account, or https://oa.zalo.me › Settings.` }),
    oaSecretKey: field.secret('OA Secret Key', { help: `${application} › Webhook. It is not the secret of the application.`, max: 200 }),
    domainVerification: field.optionalText('Domain Verification', {
      pattern: /^[A-Za-z0-9_-]{10,64}$/,
      hint: 'must be 10 to 64 letters, digits, _ or -',
      help: `${application} › Domain verification: the content of the meta tag zalo-platform-site-verification.`,
    }),
    acceptAnonymous: field.toggle('Anonymous Visitors', false, { help: 'People who write from the account’s page without being signed in to Zalo.' }),
    listTemplate: field.toggle('Lists and Buttons', false, { help: 'Where the account may use them; otherwise options are numbered lines.' }),
    useAppSecretProof: field.toggle('Application Proof', false, { advanced: true, help: 'Needed when Zalo answers error -242.' }),
    maxTextLength: field.integer('Longest Text', { min: 1, max: 2000, default: 2000 }, { advanced: true, help: 'Longer texts are split.' }),
    maxImageBytes: field.integer('Largest Image (bytes)', { min: 0, max: 5 * megabyte, default: megabyte }, { advanced: true }),
    maxGifBytes: field.integer('Largest GIF (bytes)', { min: 0, max: 5 * megabyte, default: 5 * megabyte }, { advanced: true }),
    maxFileBytes: field.integer('Largest File (bytes)', { min: 0, max: 5 * megabyte, default: 5 * megabyte }, { advanced: true }),
    customData: field.map('Custom Data', { advanced: true, help: 'Added to the participant data of every guest.' }),
    maxClockSkewSeconds: field.integer('Clock Tolerance (s)', { min: 0, max: 604_800, default: 86_400 }, { advanced: true, help: 'For webhooks; 0: any.' }),
    apiUrl: field.url('API URL', 'https://openapi.zalo.me', { advanced: true, help: 'Change it only for tests.' }),
    oauthUrl: field.url('Authorization URL', 'https://oauth.zaloapp.com', { advanced: true, help: 'Change it only for tests.' }),
  }),
  capabilities: {
    text: { level: 'native', maxText: 2000 },
    attachment: {
      level: 'partial',
      maxCaption: 2000,
      maxBytes: 5 * megabyte,
      mimes: ['image/jpeg', 'image/png', 'image/gif', 'application/pdf', 'application/msword', docx],
    },
    sticker: { level: 'partial' },
    structured: { level: 'partial', maxText: 2000, maxItems: 5, templates: ['quickReplies', 'buttons', 'cards', 'listPicker', 'timePicker', 'form'] },
  },
})
export type Settings = SettingsOf<typeof zalo>
export type Tenant = TenantView<Settings>
export type Out = Outgoing<Settings>
export type Ctx = Context<Settings>
