import { z } from 'zod'
import type { Body } from './body.ts'

/** The contact centre's side of a tenant: an Open Messaging integration. */
export interface Desk {
  platform: string
  /** integration id */
  id: string
  name: string
  webhookUrl: string
  tenantId?: string
  tenantName?: string
  /** guests that wrote, conversations now open */
  conversations: number
}

export interface Conversation {
  id: string
  /** integration id */
  desk: string
  deskName: string
  tenantId?: string
  guest: { id: string; name: string; firstName?: string; lastName?: string; email?: string; imageUrl?: string }
  /** participant data (custom attributes), as last told */
  participantData: Record<string, string>
  state: 'open' | 'ended'
  startedAt: string
  lastAt: string
  endedAt?: string
  /** the guest is typing until then */
  typingUntil?: string
  agent: { name: string }
  entries: number
  /** the first words of the latest entry, for a list */
  preview: string
}

export interface DeskReceipt {
  /** the platform's words: 'Delivered', 'Failed', 'Published' ... */
  status: string
  at: string
  reasons: { code: string; message?: string }[]
  final: boolean
}

export interface DeskEntry {
  /** the contact centre's message id */
  id: string
  conversation: string
  from: 'customer' | 'agent' | 'bot' | 'system'
  /** of an agent's or bot's message */
  authorName?: string
  at: string
  body: Body
  /**
   * A customer's message: `received`.
   * An agent's: `queued`, `delivered` (the webhook took it), `retrying`, `lost` (given up), and beyond that the `receipt`.
   */
  state: 'received' | 'queued' | 'delivered' | 'retrying' | 'lost'
  attempts?: number
  /** last answer of the webhook */
  status?: number
  why?: string
  /** what the fleet told about an agent's message, latest last */
  receipts?: DeskReceipt[]
  /** how often the same customer message came again (recognised by its messageId) */
  repeats?: number
  refs: string[]
}

export interface DeskTimeline {
  conversation: Conversation
  /** oldest first */
  entries: DeskEntry[]
  truncated: boolean
}

const text = z.string().min(1).max(20_000)
const option = z.strictObject({ text: z.string().min(1), payload: z.string().optional(), imageUrl: z.string().optional() })
const cardButton = z.strictObject({ text: z.string().min(1), payload: z.string().optional(), url: z.string().optional() })
const card = z.strictObject({
  title: z.string().min(1),
  description: z.string().optional(),
  /** an upload id, or an address that the guest's platform can reach */
  image: z.string().optional(),
  buttons: z.array(cardButton).max(10).default([]),
})
/** `bot: true` lets the message come from a bot rather than a person. */
const author = { bot: z.boolean().optional() }

/** What an agent does at the desk. `POST /conversations/:id/actions` */
export const AgentAction = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('text'), text, ...author }),
  /** `upload`: id that `POST /uploads` answered */
  z.strictObject({ do: z.literal('attachment'), upload: z.string(), text: text.optional(), ...author }),
  z.strictObject({ do: z.literal('quickReplies'), text, options: z.array(option).min(1).max(30), ...author }),
  z.strictObject({ do: z.literal('card'), text: text.optional(), card, ...author }),
  z.strictObject({ do: z.literal('carousel'), text: text.optional(), cards: z.array(card).min(1).max(10), ...author }),
  z.strictObject({
    do: z.literal('listPicker'),
    text,
    sections: z
      .array(
        z.strictObject({
          title: z.string().optional(),
          multiple: z.boolean().default(false),
          items: z
            .array(z.strictObject({ id: z.string(), title: z.string().min(1), description: z.string().optional(), imageUrl: z.string().optional() }))
            .min(1),
        }),
      )
      .min(1),
    ...author,
  }),
  z.strictObject({
    do: z.literal('datePicker'),
    title: z.string().min(1),
    subtitle: z.string().optional(),
    slots: z.array(z.strictObject({ at: z.iso.datetime(), durationSeconds: z.number().int().min(0) })).min(1),
    ...author,
  }),
  z.strictObject({
    do: z.literal('location'),
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    title: z.string().optional(),
    address: z.string().optional(),
    ...author,
  }),
  z.strictObject({ do: z.literal('typing'), durationMs: z.number().int().min(1).max(60_000).optional() }),
  /** ends the conversation; the guest's next message opens a new one */
  z.strictObject({ do: z.literal('disconnect') }),
])
export type AgentAction = z.infer<typeof AgentAction>
export type AgentActionInput = z.input<typeof AgentAction>

/** `entries` is empty for typing. */
export interface AgentActionResult {
  entries: DeskEntry[]
}
