import { describe, expect, it } from '@jest/globals'
import { createMetrics } from '../../src/metrics/index.ts'

const linesOf = (metrics: ReturnType<typeof createMetrics>) => metrics.render().split('\n')
const samplesOf = (metrics: ReturnType<typeof createMetrics>) => linesOf(metrics).filter(line => line !== '' && !line.startsWith('#'))

describe('metrics', () => {
  it('are told in the text format of Prometheus', () => {
    const metrics = createMetrics({ service: 'line-connector' })
    const counter = metrics.counter('um_calls_total', 'Calls.')
    const gauge = metrics.gauge('um_waiting', 'Waiting.')

    counter.increment({ outcome: 'ok' })
    counter.increment({ outcome: 'ok' }, 2)
    counter.increment({ outcome: 'failed' })
    gauge.set(7)
    gauge.set(5)

    expect(metrics.render()).toBe(
      [
        '# HELP um_calls_total Calls.',
        '# TYPE um_calls_total counter',
        'um_calls_total{service="line-connector",outcome="ok"} 3',
        'um_calls_total{service="line-connector",outcome="failed"} 1',
        '# HELP um_waiting Waiting.',
        '# TYPE um_waiting gauge',
        'um_waiting{service="line-connector"} 5',
        '',
      ].join('\n'),
    )
  })

  it('need no labels', () => {
    const metrics = createMetrics({})

    metrics.counter('a_total', 'A.').increment()

    expect(samplesOf(metrics)).toEqual(['a_total 1'])
  })

  it('escape what is in labels', () => {
    const metrics = createMetrics({})

    metrics.counter('a_total', 'A.').increment({ why: 'a\\b"c\nd' })

    expect(samplesOf(metrics)).toEqual(['a_total{why="a\\\\b\\"c\\nd"} 1'])
  })

  it('are asked for gauges when they are read', () => {
    const metrics = createMetrics({})
    let value = 1
    metrics.gauge('a', 'A.', () => value)
    metrics.gauge('b', 'B.', () => [
      [{ queue: 'x' }, value],
      [{ queue: 'y' }, 2],
    ])

    value = 5

    expect(samplesOf(metrics)).toEqual(['a 5', 'b{queue="x"} 5', 'b{queue="y"} 2'])
  })

  it('count durations in buckets that hold all that are shorter', () => {
    const metrics = createMetrics({ service: 's' })
    const histogram = metrics.histogram('h', 'H.', [0.1, 1, 10])

    for (const seconds of [0.05, 0.1, 0.5, 20]) histogram.observe(seconds, { call: 'x' })

    expect(samplesOf(metrics)).toEqual([
      'h_bucket{service="s",call="x",le="0.1"} 2',
      'h_bucket{service="s",call="x",le="1"} 3',
      'h_bucket{service="s",call="x",le="10"} 3',
      'h_bucket{service="s",call="x",le="+Inf"} 4',
      'h_sum{service="s",call="x"} 20.65',
      'h_count{service="s",call="x"} 4',
    ])
  })

  it('refuse a second metric of the same name', () => {
    const metrics = createMetrics({})
    metrics.counter('a', 'A.')

    expect(() => metrics.gauge('a', 'A.')).toThrow('metric a exists already')
  })

  it('do not grow without bound, and lose no count', () => {
    const metrics = createMetrics({})
    const counter = metrics.counter('a_total', 'A.')

    for (let guest = 0; guest < 2500; guest += 1) counter.increment({ guest: String(guest) })
    counter.increment({ guest: '7' })

    expect(samplesOf(metrics).length).toBeLessThanOrEqual(2001)
    expect(samplesOf(metrics)).toContain('a_total{guest="7"} 2')
    expect(samplesOf(metrics)).toContain('a_total{overflow="true"} 500')
  })

  it('do not grow without bound for durations either', () => {
    const metrics = createMetrics({})
    const histogram = metrics.histogram('h', 'H.', [1])

    for (let guest = 0; guest < 1000; guest += 1) histogram.observe(0.5, { guest: String(guest) })

    expect(samplesOf(metrics).length).toBeLessThanOrEqual(200 * 4)
  })
})
