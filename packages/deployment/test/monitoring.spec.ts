import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { deadQueue, laneQueues } from '@um/shared/amqp'
import { chart, repository } from '../src/paths.ts'
import { render } from '../src/render.ts'
import { scenarioFile } from '../src/scenarios.ts'
import { at, find, listOf } from './look.ts'

const objects = render({ files: [scenarioFile('monitoring')] })
const rules = listOf(at(find(objects, 'PrometheusRule/prod-messaging'), 'spec.groups.0.rules'))
const dashboard = readFileSync(join(chart, 'files/dashboard.json'), 'utf8')
const page = readFileSync(join(repository, 'docs/operations/monitoring.md'), 'utf8')
/** Names that our services would have made; those of RabbitMQ, Kubernetes and Prometheus are not ours. */
const ours = /\b(?:um_|dead_letters|process_)\w*/g
const made = new Set(['packages/shared/src', 'services/api/src'].flatMap(folder => metricsIn(join(repository, folder))))

describe('what is watched is what the services tell', () => {
  it.each([
    ['the alert rules', JSON.stringify(rules)],
    ['the dashboard', dashboard],
    ['the scaling by KEDA', JSON.stringify(objects.filter(({ kind }) => kind === 'ScaledObject'))],
    ['the documentation', page],
  ])('in %s', (_where, text) => {
    const named = [...new Set(text.match(ours) ?? [])]

    expect(named.length).toBeGreaterThan(0)
    expect(named.filter(name => !made.has(name))).toEqual([])
  })

  it('and queues have the names that they have in the code', () => {
    const lane = laneQueues('telegram', 0)
    const known = [deadQueue.name, lane.events.name, lane.messages.name]

    const named = [...JSON.stringify(rules).matchAll(/queue=~?\\?"([^"\\]+)/g)].map(match => match[1] ?? '')
    const documented = [...page.matchAll(/`([a-z-]+:[a-z:0-9]+)`/g)].map(match => match[1] ?? '')

    expect(named).toEqual([deadQueue.name])
    expect(documented.filter(name => !known.includes(name))).toEqual([])
    expect(documented).toHaveLength(known.length)
  })
})

it('the documentation lists the alerts that there are', () => {
  const documented = [...page.matchAll(/^\| `(Universal\w+)`/gm)].map(match => match[1])

  expect(documented).toEqual(rules.map(rule => at(rule, 'alert')))
})

it('KEDA asks for the age of the oldest message of the service itself', () => {
  const scaled = objects.find(({ kind }) => kind === 'ScaledObject')
  const query = String(at(scaled, 'spec.triggers.1.metadata.query'))

  expect(query).toBe(`max(um_oldest_message_age_seconds{service="${scaled?.metadata.name.replace('prod-', '')}",namespace="messaging"}) or vector(0)`)
})

function metricsIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts'))
    .flatMap(file => [...readFileSync(join(folder, file), 'utf8').matchAll(/\.(?:counter|gauge|histogram)\(\s*'(\w+)'/g)].map(match => match[1] ?? ''))
}
