import { jest } from '@jest/globals'

/** Intervals come when a test says so (`jest.advanceTimersByTime`); everything else takes its time. */
export function fakeIntervals(): void {
  jest.useFakeTimers({
    doNotFake: ['Date', 'hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate', 'setTimeout', 'clearTimeout'],
  })
}
