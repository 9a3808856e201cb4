import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { readChartValues } from '../src/chart-values.ts'
import type { CodeFlows } from '../src/code-flows.ts'
import { mayConnect, type Peer, type Pod, podsOf } from '../src/network.ts'
import { repository } from '../src/paths.ts'
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

/** What the services' code calls; services without code yet are not judged. */
const code = JSON.parse(execFileSync(process.execPath, [join(repository, 'packages/deployment/src/code-flows.ts')], { encoding: 'utf8' })) as CodeFlows[]
const withoutCode = services.map(service => service.name).filter(name => name !== 'lab' && !code.some(flows => flows.service === name))
const judged = (pair: string): boolean => !withoutCode.some(name => pair.startsWith(`${name} -> `))
const allNames = services.map(service => service.name)
const fits = (pattern: string, name: string): boolean => (pattern.startsWith('*') ? name.endsWith(pattern.slice(1)) : pattern === name)

describe('network policies let through', () => {
  it('exactly the calls between services that their code makes, those of the Lab, and "helm test"', () => {
    const byCode = code.flatMap(({ service, calls, callsInternet }) => [
      ...allNames.filter(name => calls.some(pattern => fits(pattern, name))).map(name => `${service} -> ${name}`),
      // the Lab stands for what is in the Internet
      ...(callsInternet ? [`${service} -> lab`] : []),
    ])
    const byLab = services.filter(({ path }) => path !== '').map(({ name }) => `lab -> ${name}`)
    const byTest = allNames.map(name => `test -> ${name}`)

    const found = pairs(3000, pods).filter(judged)

    expect(byCode.length).toBeGreaterThan(0)
    expect(found).toEqual([...byCode, ...byLab, ...byTest].sort())
  })

  it('calls of a simulator on any port of the Lab', () => {
    const callers = code.filter(({ callsInternet }) => callsInternet).map(({ service }) => service)

    const found = code.map(({ service }) => service).filter(name => mayConnect(objects, named(name), named('lab'), 3007))

    expect(found.sort()).toEqual(callers.sort())
  })

  it('to each Redis its own service only, if it uses one, and to the api’s the job that sets the password', () => {
    const owners = code.filter(({ usesRedis }) => usesRedis).map(({ service }) => `${service} -> ${service}-redis-master`)

    const found = pairs(6379, pods).filter(judged)

    expect(found).toEqual([...owners, 'set-admin-password -> api-redis-master'].sort())
  })

  it('to RabbitMQ every service that uses it, and the Lab, on the AMQP port', () => {
    const users = code.filter(({ usesRabbitmq }) => usesRabbitmq).map(({ service }) => `${service} -> rabbitmq`)

    expect(pairs(5672, pods).filter(judged)).toEqual([...users, 'lab -> rabbitmq'].sort())
    expect(pairs(15672, pods)).toEqual([])
  })

  it('the outside to the paths that the services’ definitions have', () => {
    for (const { service, path = '' } of code) expect([service, services.find(({ name }) => name === service)?.path]).toEqual([service, path])
  })

  it('questions for names from those who call anything by its name, and from nobody else', () => {
    const asking = code.filter(flows => flows.usesRedis || flows.usesRabbitmq || flows.callsInternet || flows.calls.length > 0).map(({ service }) => service)

    const found = code.map(({ service }) => service).filter(name => mayConnect(objects, named(name), 'stranger', 53))

    expect(found.sort()).toEqual(asking.sort())
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

  it('Prometheus to every health port that there is', () => {
    const health = code.filter(({ hasHealthPort }) => hasHealthPort).map(({ service }) => service)

    const found = allNames.filter(name => !withoutCode.includes(name) && mayConnect(objects, 'stranger', named(name), 32_000))

    expect(found.sort()).toEqual(health.sort())
  })

  it('out to the Internet whoever calls it, and the Lab, but neither a Redis nor RabbitMQ', () => {
    const callers = code.filter(({ callsInternet }) => callsInternet).map(({ service }) => service)

    const reaching = pods.filter(pod => mayConnect(objects, pod, 'internet', 443)).map(pod => pod.name.replace('prod-', ''))

    expect(reaching.filter(name => !withoutCode.includes(name)).sort()).toEqual([...callers, 'lab'].sort())
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
