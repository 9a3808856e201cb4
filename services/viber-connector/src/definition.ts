import { type Context, defineConnector, field, type Outgoing, type SettingsOf, type TenantView } from '@um/shared/contract'
import { z } from 'zod'

/** What Viber tells unasked is `message`; the rest is chosen. https://developers.viber.com/docs/api/rest-bot-api/#setting-a-webhook */
const eventTypes = ['delivered', 'seen', 'failed', 'subscribed', 'unsubscribed', 'conversation_started'] as const

const inHeader = { pattern: /^[\x21-\x7e]+$/, hint: 'must be Latin letters, digits and signs without spaces or line breaks' }
const tokenHelp = 'Viber admin panel (https://partners.viber.com), the account, Edit info. Viber signs its webhooks with it, too.'
const pictureHelp = 'JPEG or PNG of at most 100 KB, best with 720 x 720 pixels.'
const eventHelp = 'What Viber tells besides messages. Without delivered, seen and failed there are no receipts.'
const versionHelp = 'Apps that are older get no messages. It is raised by itself for what needs it.'
const hostHelp = 'Takes the place of scheme and host in the addresses of attachments, for storages that Viber cannot reach or that hide file names.'

/** Limits: https://developers.viber.com/docs/api/rest-bot-api/#send-message */
export const viber = defineConnector({
  ...{ id: 'viber', role: 'messaging', label: 'Viber', media: 'Viber', ingress: '/viber' },
  settings: z.strictObject({
    apiToken: field.secret('Chat API Token', { ...inHeader, unique: true, help: tokenHelp }),
    senderName: field.optionalText('Sender Name', { max: 28, help: "Shown above each message. Without it: the account's name." }),
    senderAvatar: field.optionalText('Sender Picture', { pattern: /^https:\/\//, hint: 'must be an https URL', help: pictureHelp }),
    useAgentSender: field.toggle('Agent as Sender', false, { help: "Messages show the agent's name instead of the sender's (at most 28 characters)." }),
    welcomeText: field.optionalText('Welcome Text', { max: 7000, help: 'Shown to a guest who opens the chat, before anything is written. Costs nothing.' }),
    sendName: field.toggle('Name of Guests', true, { help: "Ask Viber for the guests' names; Viber gives them if the guest allows it." }),
    sendPhoto: field.toggle('Picture of Guests', true, { help: "Ask Viber for the guests' pictures; Viber gives them if the guest allows it." }),
    eventTypes: field.choices('Events', eventTypes, eventTypes, { advanced: true, help: eventHelp }),
    seenCoversEarlier: field.toggle('Seen Covers Earlier', true, { advanced: true, help: 'When a message is seen, those before it count as seen as well.' }),
    inputField: field.choice('Input Field', ['regular', 'minimized', 'hidden'], 'regular', { help: 'How the field for typing looks while buttons are shown.' }),
    minApiVersion: field.integer('Lowest API Version', { min: 1, max: 10, default: 1 }, { advanced: true, help: versionHelp }),
    mediaHost: field.optionalUrl('Media Host', { advanced: true, help: hostHelp }),
    apiUrl: field.url('API URL', 'https://chatapi.viber.com/pa', { advanced: true }),
  }),
  capabilities: {
    text: { level: 'native', maxText: 7000 },
    attachment: { level: 'partial', maxCaption: 512, maxBytes: 52_428_800 },
    sticker: { level: 'partial' },
    location: { level: 'native' },
    contact: { level: 'partial' },
    structured: { level: 'partial', maxText: 7000, maxItems: 24, templates: ['quickReplies', 'buttons', 'cards', 'listPicker', 'timePicker', 'form'] },
  },
})
export type Settings = SettingsOf<typeof viber>
export type Tenant = TenantView<Settings>
export type Out = Outgoing<Settings>
export type Ctx = Context<Settings>
