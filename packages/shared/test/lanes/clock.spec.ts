import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { eventually } from '@um/testing/eventually'
import { ConversationRunner, type Parking, type Step } from '../../src/lanes/index.ts'
import { recordingLog } from '../notify/recording-log.ts'

const hour = 3_600_000
const realNow = Date.now
let runner: ConversationRunner | undefined
afterEach(() => {
  jest.restoreAllMocks()
  runner?.stopTimer()
})

/** One parked conversation in memory. */
function oneParked() {
  const state = { due: undefined as number | undefined, bodies: [] as Buffer[] }
  const parking = {
    load: async () => undefined,
    forget: () => undefined,
    isParked: () => state.due !== undefined,
    dueAt: () => state.due ?? 0,
    due: (now: number) => (state.due !== undefined && state.due <= now ? [{ lane: 0, conversation: 'tenant/guest' }] : []),
    park: async (_lane: number, _key: string, bodies: readonly Buffer[], due: number) => {
      Object.assign(state, { due, bodies: [...bodies] })
      return true
    },
    postpone: async (_lane: number, _key: string, due: number) => void Object.assign(state, { due }),
    head: async () => state.bodies[0],
    shift: async () => {
      state.bodies.shift()
      if (state.bodies.length === 0) state.due = undefined
    },
    free: async () => void Object.assign(state, { due: undefined }),
  }
  return { state, parking: parking as unknown as Parking }
}

describe('a parked conversation', () => {
  it.each([
    ['an hour fast', hour],
    ['an hour slow', -hour],
  ])('goes on after its wait, although the clock was %s while it was parked', async (_, offset) => {
    const { state, parking } = oneParked()
    const answers: Step[] = [{ kind: 'later', milliseconds: 1500 }, { kind: 'done' }]
    const handledAt: number[] = []
    runner = new ConversationRunner({
      handle: async () => {
        handledAt.push(performance.now())
        return answers.shift() ?? { kind: 'done' }
      },
      parking,
      log: recordingLog([]),
    })
    await runner.open(0)
    jest.spyOn(Date, 'now').mockImplementation(() => realNow() + offset)

    runner.accept({ lane: 0, conversation: 'tenant/guest', body: Buffer.from('waits'), publishedAt: 0, ack: () => undefined })
    await eventually(() => state.due !== undefined)
    jest.restoreAllMocks()

    await eventually(() => expect(handledAt).toHaveLength(2), { withinMs: 10_000 })
    expect((handledAt[1] ?? 0) - (handledAt[0] ?? 0)).toBeGreaterThanOrEqual(1490)
  })
})
