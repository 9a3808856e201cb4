import { defineConnector, field } from '@um/shared/contract'
import { z } from 'zod'

const ipAddress = /^[0-9a-fA-F:.]+$/

export const telegram = defineConnector({
  id: 'telegram',
  role: 'messaging',
  label: 'Telegram',
  media: 'Telegram',
  ingress: '/telegram',
  settings: z.strictObject({
    apiToken: field.secret('API Token', {
      help: 'BotFather gives it after /newbot, and again after /token.',
      pattern: /^\d+:[A-Za-z0-9_-]{30,}$/,
      hint: 'must be the bot id, a colon and at least 30 letters, digits, _ or -',
      max: 200,
      // a bot has one webhook, whichever of its tokens sets it
      unique: { part: '^(\\d+):' },
    }),
    webhookSecret: field.secret('Webhook Secret', {
      help: 'Telegram sends it with every update, and by it the tenant is found: no two tenants may share one.',
      pattern: /^[A-Za-z0-9_-]{1,256}$/,
      hint: 'must be 1 to 256 letters, digits, _ or -',
      generated: 'token',
      unique: true,
    }),
    welcomeText: field.optionalText('Welcome Text', { help: 'Sent to a guest who presses Start.', max: 4096 }),
    startOpensConversation: field.toggle('Start Opens a Conversation', true, { help: 'Otherwise the conversation opens with the first message after Start.' }),
    showTyping: field.toggle('Show Typing', true, { help: 'Shows the guest that the agent is typing.' }),
    groupMode: field.choice('Groups', ['ignore', 'mentions', 'all'], 'mentions', {
      help: 'mentions: only what mentions the bot, answers it, or is a command. all also needs the privacy mode of the bot to be off (BotFather, /setprivacy).',
    }),
    acceptChannelPosts: field.toggle('Accept Channel Posts', false, { advanced: true }),
    businessMode: field.toggle('Business Account', false, {
      advanced: true,
      help: 'Answers in the chats of a Telegram business account that has connected the bot.',
    }),
    protectContent: field.toggle('Protect Content', false, { advanced: true, help: 'Guests can neither forward nor save what agents send.' }),
    disableNotification: field.toggle('Send Silently', false, { advanced: true }),
    linkPreview: field.toggle('Link Previews', true, { advanced: true }),
    maxConnections: field.integer(
      'Webhook Connections',
      { min: 1, max: 100, default: 40 },
      { advanced: true, help: 'How many updates Telegram may send at the same time.' },
    ),
    ipAddress: field.optionalText('Webhook IP Address', {
      advanced: true,
      help: 'Where Telegram finds the webhook when DNS must not be asked.',
      pattern: ipAddress,
      hint: 'must be an IP address',
      max: 45,
    }),
    apiUrl: field.url('API URL', 'https://api.telegram.org', { advanced: true, help: 'Change it only to use a Bot API server of your own.' }),
  }),
  capabilities: {
    text: { level: 'native', maxText: 4096 },
    attachment: { level: 'native', maxCaption: 1024, maxBytes: 50 * 2 ** 20 },
    sticker: { level: 'partial' },
    location: { level: 'native' },
    contact: { level: 'native' },
    structured: { level: 'partial', maxText: 4096, maxItems: 100, templates: ['quickReplies', 'buttons', 'cards', 'listPicker', 'timePicker', 'form'] },
    typing: { level: 'native' },
    edit: { level: 'partial', maxText: 4096 },
    withdrawn: { level: 'native' },
  },
})
