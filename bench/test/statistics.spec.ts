import { describe, expect, it } from '@jest/globals'
import { median, percentile, slope, summarize } from '../src/statistics.ts'

describe('latencies', () => {
  it('are summed up by values that were seen, the largest of which is the longest', () => {
    const thousand = Array.from({ length: 1000 }, (_, index) => 1000 - index)

    expect(summarize(thousand)).toEqual({ count: 1000, p50: 500, p95: 950, p99: 990, max: 1000 })
  })

  it('have a p99 that one slow message among fifty decides', () => {
    const fifty = [...Array.from({ length: 49 }, () => 1), 900]

    expect(percentile(fifty, 0.99)).toBe(900)
    expect(percentile(fifty, 0.95)).toBe(1)
  })

  it('that do not exist are 0', () => {
    expect(summarize([])).toEqual({ count: 0, p50: 0, p95: 0, p99: 0, max: 0 })
  })
})

describe('the median', () => {
  it('is the middle one, or lies between the two in the middle', () => {
    expect(median([9, 1, 5])).toBe(5)
    expect(median([9, 1, 5, 6])).toBe(5.5)
  })
})

describe('a slope', () => {
  it('is that of the least squares line', () => {
    // by hand: mean x 2, mean y 3; sum of products 10, sum of squares 10; residuals -0, 1, -2, 1, 0
    const found = slope([
      [0, 1],
      [1, 3],
      [2, 1],
      [3, 5],
      [4, 5],
    ])

    expect(found.perUnit).toBeCloseTo(1, 10)
    // t(3) = 3.182, residual squares 1 + 4 + 1, so 3.182 * sqrt(6 / 3 / 10)
    expect(found.high - found.perUnit).toBeCloseTo(1.42303, 4)
    expect(found.perUnit - found.low).toBeCloseTo(1.42303, 4)
  })

  it('of noise without a trend has 0 inside its interval, of a trend it has not', () => {
    const noise = [3, -2, 1, -3, 2, -1, 3, -2, 1, -2]

    const flat = slope(noise.map((value, index) => [index, 40_000 + value]))
    const rising = slope(noise.map((value, index) => [index, 40_000 + value + 5 * index]))

    expect(flat.low).toBeLessThan(0)
    expect(flat.high).toBeGreaterThan(0)
    expect(rising.low).toBeGreaterThan(0)
  })

  it('of two points is nobody’s business', () => {
    expect(
      slope([
        [0, 1],
        [1, 2],
      ]).perUnit,
    ).toBeNaN()
  })
})
