import type { GuestAction, SimulatorFaults } from '../src/protocol.ts'

/** What the fake Telegram's guests can do. */
export const telegramActions: GuestAction['do'][] = [
  'text',
  'start',
  'photo',
  'video',
  'voice',
  'audio',
  'file',
  'album',
  'sticker',
  'location',
  'venue',
  'contact',
  'press',
  'edit',
  'react',
  'block',
  'unblock',
]

const wait = { name: 'retryAfterSeconds', title: 'Wait', type: 'number', unit: 's', default: 2, min: 0, max: 3600 } as const
const delay = { name: 'ms', title: 'Delay', type: 'number', unit: 'ms', default: 2000, min: 1, max: 600_000 } as const
const everywhere: ('account' | 'guest' | 'operation')[] = ['account', 'guest', 'operation']

export const catalog: SimulatorFaults[] = ['telegram', 'line', 'genesys'].map((simulator, index) => ({
  simulator,
  label: ['Telegram', 'LINE', 'Genesys Cloud'][index] ?? simulator,
  operations: ['sendMessage', 'sendPhoto', 'getFile'],
  kinds: [
    {
      kind: 'rateLimit',
      title: 'Too many requests (429)',
      help: 'Refuses requests and says how long to wait.',
      on: 'requests',
      params: [wait],
      where: everywhere,
    },
    {
      kind: 'serverError',
      title: 'Server error (5xx)',
      help: 'Answers that the platform itself has failed.',
      on: 'requests',
      params: [{ name: 'status', title: 'Status', type: 'number', default: 500, min: 500, max: 599 }],
      where: everywhere,
    },
    { kind: 'slow', title: 'Slow', help: 'Answers late.', on: 'requests', params: [delay], where: everywhere },
    { kind: 'reset', title: 'Connection reset', help: 'Cuts the connection instead of answering.', on: 'requests', params: [], where: everywhere },
    { kind: 'badToken', title: 'Token revoked (401)', help: "Refuses the bot's token.", on: 'requests', params: [], where: ['account'] },
    {
      kind: 'duplicate',
      title: 'Webhook twice',
      help: 'Delivers webhooks again, as platforms do when our answer got lost.',
      on: 'webhooks',
      params: [
        { name: 'copies', title: 'Further copies', type: 'number', default: 1, min: 1, max: 20 },
        { name: 'newId', title: 'Under a new event id', type: 'boolean', default: false },
      ],
      where: everywhere,
    },
    { kind: 'reorder', title: 'Webhooks out of order', help: "Lets the same guest's next webhook overtake.", on: 'webhooks', params: [], where: everywhere },
    { kind: 'webhookDown', title: 'Webhook refused', help: 'The webhook answers 502.', on: 'webhooks', params: [], where: everywhere },
    { kind: 'down', title: 'Platform is down', help: 'Closes the port: connections are refused.', on: 'service', params: [], where: [] },
  ],
}))
