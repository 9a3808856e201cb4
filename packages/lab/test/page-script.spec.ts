import { describe, expect, it } from '@jest/globals'
import { arrivalTimeoutMs, type Progress, runScript, type Stage } from '../src/page/script/run.ts'
import type { ScriptStep } from '../src/page/script/scripts.ts'

const say: ScriptStep = { who: 'guest', say: 'Hello' }
const wait: ScriptStep = { who: 'lab', waits: 'desk' }

function stageOf(more: Partial<Stage> = {}): Stage {
  return { perform: () => Promise.resolve({ ok: true, value: undefined }), hasArrived: () => true, change: () => Promise.resolve(), now: () => 0, ...more }
}
async function run(steps: ScriptStep[], stage: Stage, stopped = () => false): Promise<Progress | undefined> {
  let last: Progress | undefined
  await runScript(steps, stage, stopped, progress => {
    last = progress
  })
  return last
}

describe('a script', () => {
  it('goes through its steps and waits until what was sent has arrived', async () => {
    let changes = 0
    const stage = stageOf({
      hasArrived: () => changes === 3,
      change: () => {
        changes += 1
        return Promise.resolve()
      },
    })

    expect(await run([say, wait], stage)).toEqual({ states: ['done', 'done'] })
    expect(changes).toBe(3)
  })

  it('passes over what the platform does not have', async () => {
    expect(await run([say, wait], stageOf({ perform: () => Promise.resolve(undefined) }))).toEqual({ states: ['skipped', 'done'] })
  })

  it('ends at a step that fails, and tells why', async () => {
    const trouble = { title: 'Refused', detail: 'The guest has blocked the bot.' }

    const progress = await run([say, say], stageOf({ perform: () => Promise.resolve({ ok: false, trouble }) }))

    expect(progress).toEqual({ states: ['failed', 'waiting'], trouble })
  })

  it('gives up waiting after a while', async () => {
    let now = 0
    const stage = stageOf({
      hasArrived: () => false,
      now: () => now,
      change: () => {
        now += arrivalTimeoutMs
        return Promise.resolve()
      },
    })

    const progress = await run([wait, say], stage)

    expect(progress?.states).toEqual(['failed', 'waiting'])
    expect(progress?.trouble?.title).toBe('It has not arrived at the agent’s desk')
  })

  it('stops when it is told to, also while it waits', async () => {
    let stopped = false
    const stage = stageOf({
      hasArrived: () => false,
      change: () => {
        stopped = true
        return Promise.resolve()
      },
    })

    const progress = await run([wait, say], stage, () => stopped)

    expect(progress?.states[1]).toBe('waiting')
  })
})
