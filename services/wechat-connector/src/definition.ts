import { type Context, defineConnector, field, needed, type Outgoing, type SettingsOf, type TenantView } from '@um/shared/contract'
import { z } from 'zod'

const console = 'Official Accounts Platform (https://mp.weixin.qq.com), Development, Basic configuration'
const aesKey = { pattern: /^[A-Za-z0-9]{43}$/, hint: 'must be 43 letters and digits' }
const settings = z
  .strictObject({
    appId: field.text('AppID', { pattern: /^wx[0-9a-f]{16}$/, hint: 'must be wx and 16 hexadecimal digits', unique: true, help: `${console}.` }),
    appSecret: field.secret('AppSecret', { pattern: /^[0-9a-f]{32}$/, hint: 'must be 32 hexadecimal digits', help: `${console}; it is shown once.` }),
    token: field.secret('Token', {
      pattern: /^[A-Za-z0-9]{3,32}$/,
      hint: 'must be 3 to 32 letters and digits',
      help: `Chosen by you. ${console}, Server configuration: enter the same there.`,
    }),
    encryptionMode: field.choice('Encryption', ['safe', 'compatible', 'plain'], 'safe', {
      help: 'As in Server configuration. safe: nothing in clear is taken.',
    }),
    encodingAesKey: field.optionalSecret('EncodingAESKey', { ...aesKey, help: `Not needed for plain. ${console}, Server configuration.` }),
    previousEncodingAesKey: field.optionalSecret('Previous EncodingAESKey', { ...aesKey, advanced: true, help: 'While a new key is introduced: the old one.' }),
    welcomeText: field.optionalText('Welcome Text', { max: 600, help: 'The answer to who begins to follow the account; it uses up none of the answers.' }),
    warnLastAnswer: field.toggle('Announce the Last Answer', true, { help: 'Tells the agent when WeChat will take one more answer only.' }),
    answersPerWindow: field.integer('Answers', { min: 1, max: 100, default: 5 }, { advanced: true, help: 'That WeChat takes within 48 hours of a message.' }),
    kfAccount: field.optionalText('Customer Service Account', {
      advanced: true,
      pattern: /^[^@\s]+@[^@\s]+$/,
      hint: 'must be like name@account',
      help: 'Whose name and picture guests see. Absent: those of the account.',
    }),
    originalId: field.optionalText('Original ID', {
      advanced: true,
      pattern: /^gh_[0-9a-z]{12}$/,
      hint: 'must be gh_ and 12 letters or digits',
      help: 'Of the account information; pushes for other accounts are refused then. Needed where pushes come in clear to the address without the tenant.',
    }),
    tokenMode: field.choice('Access Token', ['stable', 'classic'], 'stable', { advanced: true, help: 'classic: each new one ends the one before.' }),
    profileLanguage: field.choice('Profile Language', ['en', 'zh_CN', 'zh_TW'], 'en', { advanced: true }),
    maxTextBytes: field.integer('Longest Text (bytes)', { min: 100, max: 2048, default: 2048 }, { advanced: true, help: 'Longer texts are split.' }),
    maxMenuEntries: field.integer('Menu Entries', { min: 1, max: 10, default: 10 }, { advanced: true, help: 'More become a numbered text.' }),
    maxMenuLabel: field.integer('Longest Menu Entry', { min: 1, max: 200, default: 64 }, { advanced: true, help: 'More characters become a numbered text.' }),
    maxClockSkewSeconds: field.integer('Clock Tolerance (s)', { min: 0, max: 86_400, default: 0 }, { advanced: true, help: 'For pushes; 0: any.' }),
    customData: field.map('Custom Data', { advanced: true, help: 'Added to the participant data of every guest.' }),
    apiUrl: field.url('API URL', 'https://api.weixin.qq.com', { advanced: true, help: 'Change it only for tests.' }),
  })
  .superRefine(needed({ encodingAesKey: [({ encryptionMode }) => encryptionMode !== 'plain', 'encryption'] }))

/** Texts are limited in bytes, by a setting; the renderer splits further. https://developers.weixin.qq.com/doc/service/en/api/customer/message/api_sendcustommessage.html */
const maxText = 2040
export const wechat = defineConnector({
  id: 'wechat',
  role: 'messaging',
  label: 'WeChat',
  media: 'WeChat',
  ingress: '/wechat',
  settings,
  capabilities: {
    text: { level: 'native', maxText },
    attachment: { level: 'partial', maxCaption: maxText },
    location: { level: 'partial' },
    structured: { level: 'partial', maxText, maxItems: 10, templates: ['quickReplies', 'buttons', 'cards', 'listPicker', 'timePicker'] },
    typing: { level: 'native' },
  },
})
export type Settings = SettingsOf<typeof wechat>
export type Tenant = TenantView<Settings>
export type Out = Outgoing<Settings>
export type Ctx = Context<Settings>
