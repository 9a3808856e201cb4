import type { Body, PhoneEntry } from '../../protocol.ts'
import type { LabState } from '../state.ts'

/** A button of the newest message on the phone that offers some, or of the keyboard that stands there: what a `press` names. */
export function pressable(state: LabState, number: number): { entry?: string; button: string } | undefined {
  const phone = state.phone === undefined ? undefined : state.phones[state.phone]
  if (phone === undefined) return undefined
  const entries = state.phoneTimelines[phone.id]?.entries ?? []
  for (const entry of entries.toReversed()) {
    const button = entry.from === 'business' && entry.state === 'shown' ? buttonsOf(entry)[number] : undefined
    if (button !== undefined) return { entry: entry.id, button }
  }
  const key = phone.keyboard?.rows.flat()[number]
  return key === undefined ? undefined : { button: key.id }
}

function buttonsOf(entry: PhoneEntry): string[] {
  const below = (entry.buttons ?? []).flat().filter(button => button.action === 'reply')
  return [...idsIn(entry.body), ...below.map(button => button.id)]
}

function idsIn(body: Body): string[] {
  switch (body.kind) {
    case 'quickReplies':
      return body.buttons.map(button => button.id)
    case 'cards':
      return body.cards.flatMap(card => card.buttons.filter(button => button.action === 'reply').map(button => button.id))
    case 'listPicker':
      return body.sections.flatMap(section => section.items.map(item => item.id))
    case 'timePicker':
      return body.slots.map(slot => slot.id)
    case 'parts':
      return body.parts.flatMap(idsIn)
    default:
      return []
  }
}
