/** What a list of latencies says, in milliseconds. */
export interface Summary {
  count: number
  p50: number
  p95: number
  p99: number
  max: number
}

export function summarize(values: readonly number[]): Summary {
  const sorted = Float64Array.from(values).sort()
  return {
    count: sorted.length,
    p50: percentile(sorted, 0.5),
    p95: percentile(sorted, 0.95),
    p99: percentile(sorted, 0.99),
    max: sorted.at(-1) ?? 0,
  }
}

/** Nearest rank: a value that was really seen. `sorted` ascending; 0 of nothing. */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return 0
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? 0
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

/** Several rounds of the same: the middle one, and how far they lie apart. */
export interface Spread {
  median: number
  min: number
  max: number
}
export function spread(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) }
}

export interface Slope {
  perUnit: number
  /** 95 % confidence interval */
  low: number
  high: number
}

/**
 * Least squares line through points, with the 95 % confidence interval of its slope. Neighbouring samples of a process's memory resemble each other, which would make the interval too narrow:
 * give means of stretches that are longer than that resemblance (a garbage collector's cycle), not raw samples.
 */
export function slope(points: readonly (readonly [x: number, y: number])[]): Slope {
  const count = points.length
  if (count < 3) return { perUnit: Number.NaN, low: Number.NaN, high: Number.NaN }
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / count
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / count
  const squares = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0)
  const perUnit = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / squares
  const residual = points.reduce((sum, [x, y]) => sum + (y - meanY - perUnit * (x - meanX)) ** 2, 0)
  const margin = studentT(count - 2) * Math.sqrt(residual / (count - 2) / squares)
  return { perUnit, low: perUnit - margin, high: perUnit + margin }
}

/** Two-sided 95 % quantiles of Student's t by degrees of freedom; between those listed the next smaller one, which is the more careful. */
const quantiles: readonly (readonly [freedom: number, t: number])[] = [
  [1, 12.706],
  [2, 4.303],
  [3, 3.182],
  [4, 2.776],
  [5, 2.571],
  [6, 2.447],
  [7, 2.365],
  [8, 2.306],
  [9, 2.262],
  [10, 2.228],
  [12, 2.179],
  [15, 2.131],
  [20, 2.086],
  [30, 2.042],
  [60, 2.0],
  [120, 1.98],
]
function studentT(freedom: number): number {
  return quantiles.findLast(([listed]) => listed <= freedom)?.[1] ?? 12.706
}
