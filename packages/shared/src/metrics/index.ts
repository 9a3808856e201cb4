/**
 * Prometheus text format (version 0.0.4), counters, gauges and histograms, without the weight of a client library: connectors live in 64 MiB.
 * See docs/decisions for the reason.
 */
type Labels = Readonly<Record<string, string>>
interface Metric {
  readonly name: string
  render(lines: string[]): void
}

export interface Counter {
  increment(labels?: Labels, by?: number): void
}
export interface Gauge {
  set(value: number, labels?: Labels): void
}
export interface Histogram {
  observe(seconds: number, labels?: Labels): void
}
export interface Metrics {
  counter(name: string, help: string): Counter
  /** `read` is asked at each scrape */
  gauge(name: string, help: string, read?: () => number | Iterable<readonly [Labels, number]>): Gauge
  histogram(name: string, help: string, buckets?: readonly number[]): Histogram
  render(): string
}

const maxSeries = 2000

export function createMetrics(constant: Labels): Metrics {
  const metrics = new Map<string, Metric>()
  const labelText = (labels: Labels | undefined, extra = '') => {
    const parts = Object.entries({ ...constant, ...labels }).map(
      ([name, value]) => `${name}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`,
    )
    if (extra !== '') parts.push(extra)
    return parts.length === 0 ? '' : `{${parts.join(',')}}`
  }
  const register = <M extends Metric>(metric: M): M => {
    if (metrics.has(metric.name)) throw new Error(`metric ${metric.name} exists already`)
    metrics.set(metric.name, metric)
    return metric
  }
  const series = () => {
    const values = new Map<string, number>()
    return {
      values,
      /** beyond the bound, new label sets are counted together: a label must never be able to eat the memory */
      key: (labels: Labels | undefined) => {
        const key = labelText(labels)
        return values.has(key) || values.size < maxSeries ? key : labelText({ overflow: 'true' })
      },
    }
  }
  return {
    counter(name, help) {
      const { values, key } = series()
      return register({
        name,
        increment: (labels?: Labels, by = 1) => {
          const at = key(labels)
          values.set(at, (values.get(at) ?? 0) + by)
        },
        render: lines => {
          lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} counter`)
          for (const [at, value] of values) lines.push(`${name}${at} ${value}`)
        },
      })
    },
    gauge(name, help, read) {
      const { values, key } = series()
      return register({
        name,
        set: (value: number, labels?: Labels) => {
          values.set(key(labels), value)
        },
        render: lines => {
          lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} gauge`)
          const now = read?.()
          if (typeof now === 'number') lines.push(`${name}${labelText(undefined)} ${now}`)
          else if (now !== undefined) for (const [labels, value] of now) lines.push(`${name}${labelText(labels)} ${value}`)
          for (const [at, value] of values) lines.push(`${name}${at} ${value}`)
        },
      })
    },
    histogram(name, help, buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]) {
      const rows = new Map<string, { labels: Labels | undefined; counts: number[]; sum: number; count: number }>()
      return register({
        name,
        observe: (seconds: number, labels?: Labels) => {
          const at = labelText(labels)
          let row = rows.get(at)
          if (row === undefined) {
            if (rows.size >= maxSeries / 10) return
            row = { labels, counts: buckets.map(() => 0), sum: 0, count: 0 }
            rows.set(at, row)
          }
          row.sum += seconds
          row.count += 1
          const index = buckets.findIndex(bound => seconds <= bound)
          if (index >= 0) row.counts[index] = (row.counts[index] ?? 0) + 1
        },
        render: lines => {
          lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} histogram`)
          for (const row of rows.values()) {
            let sum = 0
            buckets.forEach((bound, index) => {
              sum += row.counts[index] ?? 0
              lines.push(`${name}_bucket${labelText(row.labels, `le="${bound}"`)} ${sum}`)
            })
            lines.push(`${name}_bucket${labelText(row.labels, 'le="+Inf"')} ${row.count}`)
            lines.push(`${name}_sum${labelText(row.labels)} ${row.sum}`, `${name}_count${labelText(row.labels)} ${row.count}`)
          }
        },
      })
    },
    render() {
      const lines: string[] = []
      for (const metric of metrics.values()) metric.render(lines)
      return `${lines.join('\n')}\n`
    },
  }
}
