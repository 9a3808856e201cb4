import type { Answer } from '../api.ts'
import type { Commands } from '../commands.ts'
import { actionsInHand } from '../phone/platform.ts'
import { sampleFile } from '../samples/file.ts'
import { samplePhoto } from '../samples/photo.ts'
import { sampleVideo } from '../samples/video.ts'
import { sampleVoice } from '../samples/voice.ts'
import { conversationOf } from '../state/selection.ts'
import type { LabChange, LabState } from '../state.ts'
import type { Store } from '../store.ts'
import { pressable } from './pressable.ts'
import type { Stage } from './run.ts'
import type { ScriptStep } from './scripts.ts'

const samples = {
  photo: () => samplePhoto(0),
  video: () => sampleVideo(),
  voice: () => Promise.resolve(sampleVoice()),
  audio: () => Promise.resolve(sampleVoice(6, 'three-tones.wav')),
  file: () => Promise.resolve(sampleFile()),
}

/** Nothing else may happen for so long before a script looks again whether time is up. */
const pauseMs = 500

/** The page itself as a script's stage. A step's message has arrived when the other side has more messages than when it was sent. */
export function stageOn(store: Store<LabState, LabChange>, commands: Commands): Stage {
  const seen = { desk: 0, phone: 0 }
  const sent = { desk: 0, phone: 0 }

  function count(where: 'desk' | 'phone'): number {
    const state = store.get()
    const phone = state.phone === undefined ? undefined : state.phones[state.phone]
    if (phone === undefined) return 0
    if (where === 'phone') return state.phoneTimelines[phone.id]?.entries.filter(entry => entry.from === 'business' && entry.state === 'shown').length ?? 0
    const ids = Object.values(state.conversations).filter(known => known.guest.id === phone.guest.id)
    return ids.reduce((sum, { id }) => sum + (state.deskTimelines[id]?.entries.filter(entry => entry.from === 'customer').length ?? 0), 0)
  }
  /** Counts from the first message after a wait. */
  function expect(where: 'desk' | 'phone'): void {
    if (sent[where] === 0) seen[where] = count(where)
    sent[where] += 1
  }

  async function asGuest(step: Extract<ScriptStep, { who: 'guest' }>): Promise<Answer<unknown> | undefined> {
    const can = actionsInHand(store.get())
    if ('say' in step) return commands.guest({ do: 'text', text: step.say })
    if ('presses' in step) {
      const offer = pressable(store.get(), step.presses)
      return offer === undefined ? undefined : commands.guest({ do: 'press', ...offer })
    }
    if ('does' in step) return can?.includes(step.does.do) === false ? undefined : commands.guest(step.does)
    if (can?.includes(step.sends) === false) return undefined
    try {
      return await commands.guestFile(step.sends, await samples[step.sends](), step.caption ?? '')
    } catch {
      // This browser cannot make such a sample.
      return undefined
    }
  }
  async function asAgent(step: Extract<ScriptStep, { who: 'agent' }>): Promise<Answer<unknown>> {
    const state = store.get()
    const phone = state.phone === undefined ? undefined : state.phones[state.phone]
    const conversation = phone === undefined ? undefined : conversationOf(state, phone)
    if (conversation === undefined)
      return { ok: false, trouble: { title: 'Nobody is at the desk', detail: 'The guest’s message has not opened a conversation.' } }
    if ('say' in step) return commands.agent(conversation.id, { do: 'text', text: step.say })
    if ('does' in step) return commands.agent(conversation.id, step.does)
    return commands.agentFile(conversation.id, await samples[step.sends](), step.text ?? '')
  }
  async function asLab(step: Extract<ScriptStep, { fault: unknown }>): Promise<Answer<unknown> | undefined> {
    const state = store.get()
    const phone = state.phone === undefined ? undefined : state.phones[state.phone]
    const simulator = state.info?.platforms.find(known => known.id === phone?.platform)?.simulator
    if (simulator === undefined || state.catalog.find(known => known.simulator === simulator)?.kinds.some(known => known.kind === step.fault.kind) !== true)
      return undefined
    return commands.addFault({ simulator, kind: step.fault.kind, params: step.fault.params ?? {}, times: step.fault.times })
  }

  return {
    async perform(step) {
      if (step.who === 'lab') return asLab(step)
      if (step.who === 'agent') {
        expect('phone')
        return asAgent(step)
      }
      expect('desk')
      const answer = await asGuest(step)
      if (answer === undefined) sent.desk -= 1
      return answer
    },
    hasArrived(where) {
      if (count(where) < seen[where] + sent[where]) return false
      sent[where] = 0
      return true
    },
    change: () =>
      new Promise(resolve => {
        const done = () => {
          clearTimeout(timer)
          unsubscribe()
          resolve()
        }
        const timer = setTimeout(done, pauseMs)
        const unsubscribe = store.subscribe(done)
      }),
    now: () => performance.now(),
  }
}
