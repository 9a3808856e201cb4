import { describe, expect, it } from '@jest/globals'
import { readChartValues } from '../src/chart-values.ts'
import { mayConnect, type Peer, type Pod, podsOf } from '../src/network.ts'
import { render } from '../src/render.ts'
import { scenarioFile } from '../src/scenarios.ts'

const objects = render({ files: [scenarioFile('all-services')] })
const pods = podsOf(objects)
const services = readChartValues().services
const named = (name: string): Pod => {
  const found = pods.find(pod => pod.name === `prod-${name}`)
  if (found === undefined) throw new Error(`there is no pod prod-${name}`)
  return found
}
const kind = (...kinds: string[]) => services.filter(service => kinds.includes(service.kind)).map(service => service.name)

/** Who calls whom over HTTP inside the release, as the architecture has it. */
const calls: readonly [readonly string[], readonly string[]][] = [
  [kind('connector', 'cx'), kind('provider')],
  [kind('config'), kind('api')],
  [kind('connector', 'cx', 'commander', 'provider', 'api'), kind('lab')],
  [kind('lab'), kind('api', 'config', 'connector', 'cx')],
  [['test'], services.map(service => service.name)],
]

describe('network policies let through', () => {
  it('exactly the calls of the architecture between services', () => {
    const expected = calls.flatMap(([from, to]) => from.flatMap(caller => to.map(callee => `${caller} -> ${callee}`)))

    const found = pairs(3000, pods)

    expect(found).toEqual([...new Set(expected)].sort())
  })

  it('to each Redis its own service only, and to the api’s the job that sets the password', () => {
    const owners = services.filter(service => !['config', 'lab'].includes(service.name)).map(({ name }) => `${name} -> ${name}-redis-master`)

    expect(pairs(6379, pods)).toEqual([...owners, 'set-admin-password -> api-redis-master'].sort())
  })

  it('to RabbitMQ every service but config and the lab, on the AMQP port', () => {
    const users = services.filter(service => !['config', 'lab'].includes(service.name)).map(({ name }) => `${name} -> rabbitmq`)

    expect(pairs(5672, pods)).toEqual(users.sort())
    expect(pairs(15672, pods)).toEqual([])
  })

  it.each(services.map(service => service.name))('from outside to %s just when it has a public path', name => {
    const path = services.find(service => service.name === name)?.path

    expect(mayConnect(objects, 'internet', named(name), 3000)).toBe(path !== '')
  })

  it('the ingress controller only, when it is named', () => {
    const narrowed = render({
      files: [scenarioFile('all-services')],
      values: { global: { networkPolicy: { ingressFrom: [{ namespaceSelector: { matchLabels: { name: 'ingress-nginx' } } }] } } },
    })

    expect(mayConnect(narrowed, 'stranger', named('api'), 3000)).toBe(true)
    expect(mayConnect(narrowed, 'internet', named('api'), 3000)).toBe(false)
  })

  it.each(services.map(service => service.name))('Prometheus to the health port of %s', name => {
    expect(mayConnect(objects, 'stranger', named(name), 32_000)).toBe(true)
  })

  it('services out to the Internet, but neither config, nor a Redis, nor RabbitMQ', () => {
    const reaching = pods.filter(pod => mayConnect(objects, pod, 'internet', 443)).map(pod => pod.name.replace('prod-', ''))

    expect(reaching.sort()).toEqual(kind('api', 'connector', 'cx', 'commander', 'provider', 'lab').sort())
  })

  it('nodes of a RabbitMQ cluster to each other, when there are several', () => {
    const clustered = render({ files: [scenarioFile('available')] })

    expect(mayConnect(clustered, named('rabbitmq'), named('rabbitmq'), 25_672)).toBe(true)
    expect(mayConnect(objects, named('rabbitmq'), named('rabbitmq'), 25_672)).toBe(false)
  })
})

it('no network policy is made when they are switched off', () => {
  const open = render({ files: [scenarioFile('all-services')], values: { global: { networkPolicy: { enabled: false } } } })

  expect(open.map(object => object.kind)).not.toContain('NetworkPolicy')
})

function pairs(port: number, all: readonly Pod[]): string[] {
  const short = (peer: Peer) => (typeof peer === 'string' ? peer : peer.name.replace('prod-', ''))
  return all
    .flatMap(from =>
      all
        .filter(to => to !== from && Object.values(to.ports).includes(port) && mayConnect(objects, from, to, port))
        .map(to => `${short(from)} -> ${short(to)}`),
    )
    .sort()
}
