import { describe, expect, it } from '@jest/globals'
import { backOffMilliseconds, maxAttempts } from '../../src/engine/attempts.ts'

const full = [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]

describe('backOffMilliseconds', () => {
  it.each(full.map((milliseconds, index) => [index + 1, milliseconds]))(
    'is between half and the whole of its step after attempt %d',
    (attempt, milliseconds) => {
      expect(backOffMilliseconds(attempt, () => 0)).toBe(milliseconds / 2)
      expect(backOffMilliseconds(attempt, () => 0.5)).toBe(milliseconds * 0.75)
      expect(backOffMilliseconds(attempt, () => 1)).toBe(milliseconds)
    },
  )

  it('never exceeds a minute, up to the last attempt', () => {
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
      const milliseconds = backOffMilliseconds(attempt)

      expect(milliseconds).toBeGreaterThanOrEqual(500)
      expect(milliseconds).toBeLessThanOrEqual(60_000)
    }
  })

  it('differs from one message to the next', () => {
    expect(new Set(Array.from({ length: 20 }, () => backOffMilliseconds(5))).size).toBeGreaterThan(10)
  })
})
