import type { Answer, Trouble } from '../api.ts'
import type { ScriptStep } from './scripts.ts'

/** What a script does to the Lab: given from outside, so that the run itself knows no page and no network. */
export interface Stage {
  /** undefined: the platform has no such thing, the step is passed over */
  perform(step: Exclude<ScriptStep, { waits: unknown }>): Promise<Answer<unknown> | undefined>
  /** whether what was sent last is seen by now */
  hasArrived(where: 'desk' | 'phone'): boolean
  /** resolves when something may have changed, or after a moment */
  change(): Promise<void>
  now(): number
}

export type StepState = 'waiting' | 'running' | 'done' | 'skipped' | 'failed'
export interface Progress {
  states: StepState[]
  trouble?: Trouble
}

export const arrivalTimeoutMs = 30_000

/** Goes through the steps until one fails or `stopped` says so. `report` is called after each change. */
export async function runScript(steps: readonly ScriptStep[], stage: Stage, stopped: () => boolean, report: (progress: Progress) => void): Promise<void> {
  const states: StepState[] = steps.map(() => 'waiting')
  for (const [index, step] of steps.entries()) {
    if (stopped()) return
    states[index] = 'running'
    report({ states: [...states] })
    const trouble = await runStep(step, stage, stopped)
    states[index] = trouble === 'skipped' ? 'skipped' : trouble === undefined ? 'done' : 'failed'
    if (trouble !== undefined && trouble !== 'skipped') return report({ states: [...states], trouble })
    report({ states: [...states] })
  }
}

async function runStep(step: ScriptStep, stage: Stage, stopped: () => boolean): Promise<Trouble | 'skipped' | undefined> {
  if (!('waits' in step)) {
    const answer = await stage.perform(step)
    if (answer === undefined) return 'skipped'
    return answer.ok ? undefined : answer.trouble
  }
  const until = stage.now() + arrivalTimeoutMs
  while (!stage.hasArrived(step.waits)) {
    if (stopped()) return undefined
    if (stage.now() > until) return notArrived(step.waits)
    await stage.change()
  }
  return undefined
}

function notArrived(where: 'desk' | 'phone'): Trouble {
  const place = where === 'desk' ? 'at the agent’s desk' : 'on the guest’s phone'
  return {
    title: `It has not arrived ${place}`,
    detail: `Nothing came within ${arrivalTimeoutMs / 1_000} seconds. The journey in the middle shows how far it got.`,
  }
}
