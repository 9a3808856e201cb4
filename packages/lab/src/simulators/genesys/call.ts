import type { Fields } from './check.ts'
import { notFound } from './errors.ts'
import type { GenesysView } from './view.ts'
import type { ConversationState, Integration, World } from './world.ts'

/** One authenticated API call. */
export interface Call {
  readonly world: World
  readonly view: GenesysView
  /** from the path */
  readonly id: string
  readonly query: URLSearchParams
  /** {} when there is none */
  readonly body: Fields
}
export interface Answer {
  status: number
  /** absent: empty */
  body?: unknown
}
/** Throws PlatformError. */
export type Handler = (call: Call) => Answer

export function integrationOf({ world, id }: Pick<Call, 'world' | 'id'>): Integration {
  const integration = world.integrations.get(id)
  if (integration === undefined) throw notFound('integration')
  return integration
}
export function conversationOf({ world, id }: Pick<Call, 'world' | 'id'>): ConversationState {
  const conversation = world.conversations.get(id)
  if (conversation === undefined) throw notFound('conversation')
  return conversation
}
