import { Fifo } from './fifo.ts'

/**
 * What a task wants after a run. `done`: it is settled. `again`: run it again after so long, its successors wait.
 * `behind`: let the next of the same key go first; wait at most so long for one to come.
 */
export type TaskResult = { done: true } | { againInMs: number } | { behindWithinMs: number }
export interface Task {
  run(): Promise<TaskResult>
}

interface Lane {
  tasks: Fifo<Task>
  timer?: NodeJS.Timeout
  /** what to do when the timer fires or, when waiting for a successor, when one comes */
  wake?: () => void
  waitsForNext: boolean
}

/**
 * One queue per key: tasks of a key run one after the other, in order, while different keys run side by side, at most `concurrency` at a time.
 */
export class KeyedQueues {
  private readonly lanes = new Map<string, Lane>()
  private readonly ready = new Fifo<string>()
  private running = 0
  private paused = false
  private closed = false
  private waiting = 0
  concurrency: number

  constructor(concurrency: number) {
    this.concurrency = concurrency
  }

  /** Tasks that are not settled. */
  get size(): number {
    return this.waiting
  }

  push(key: string, task: Task): void {
    if (this.closed) return
    this.waiting += 1
    const lane = this.lanes.get(key)
    if (lane !== undefined) {
      lane.tasks.push(task)
      if (lane.waitsForNext) lane.wake?.()
      return
    }
    const created: Lane = { tasks: new Fifo(), waitsForNext: false }
    created.tasks.push(task)
    this.lanes.set(key, created)
    this.ready.push(key)
    this.pump()
  }

  pause(): void {
    this.paused = true
  }
  /** Also ends the waits of tasks that are to run again. */
  resume(): void {
    this.paused = false
    for (const lane of this.lanes.values()) lane.wake?.()
    this.pump()
  }
  /** Forgets all tasks; those that run now end for themselves. */
  clear(): void {
    for (const lane of this.lanes.values()) clearTimeout(lane.timer)
    this.lanes.clear()
    this.waiting = 0
  }
  close(): void {
    this.closed = true
    this.clear()
  }

  private pump(): void {
    while (!this.paused && !this.closed && this.running < this.concurrency) {
      const key = this.ready.shift()
      if (key === undefined) return
      const lane = this.lanes.get(key)
      const task = lane?.tasks.peek()
      if (lane === undefined || task === undefined) continue
      this.running += 1
      task.run().then(
        result => this.settle(key, lane, result),
        () => this.settle(key, lane, { done: true }),
      )
    }
  }

  private settle(key: string, lane: Lane, result: TaskResult): void {
    this.running -= 1
    if (this.lanes.get(key) === lane) this.proceed(key, lane, result)
    this.pump()
  }

  private proceed(key: string, lane: Lane, result: TaskResult): void {
    if ('done' in result) {
      lane.tasks.shift()
      this.waiting -= 1
      if (lane.tasks.size === 0) this.lanes.delete(key)
      else this.ready.push(key)
      return
    }
    if ('behindWithinMs' in result && lane.tasks.size > 1) {
      lane.tasks.swap()
      this.ready.push(key)
      return
    }
    lane.waitsForNext = 'behindWithinMs' in result
    const wake = () => {
      clearTimeout(lane.timer)
      delete lane.timer
      delete lane.wake
      if (lane.waitsForNext && lane.tasks.size > 1) lane.tasks.swap()
      lane.waitsForNext = false
      this.ready.push(key)
      this.pump()
    }
    lane.wake = wake
    lane.timer = setTimeout(wake, 'againInMs' in result ? result.againInMs : result.behindWithinMs)
  }
}
