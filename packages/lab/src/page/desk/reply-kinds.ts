import type { AgentActionInput } from '../../protocol.ts'
import type { IconName } from '../controls/icon.tsx'

/** Rich messages that an agent (or a bot's flow) can send, each with its form. */
export type ReplyKind = 'quickReplies' | 'card' | 'carousel' | 'listPicker' | 'datePicker' | 'location'

export const replyKinds: { kind: ReplyKind; name: string; icon: IconName }[] = [
  { kind: 'quickReplies', name: 'Quick replies', icon: 'quick' },
  { kind: 'card', name: 'Card', icon: 'card' },
  { kind: 'carousel', name: 'Carousel', icon: 'cards' },
  { kind: 'listPicker', name: 'List picker', icon: 'list' },
  { kind: 'datePicker', name: 'Date picker', icon: 'calendar' },
  { kind: 'location', name: 'Location', icon: 'location' },
]

/** A form hands over what is to be sent. */
export type OnReply = (action: AgentActionInput) => void
