import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { readChartValues } from '../src/chart-values.ts'
import { helmVersions } from '../src/helm-releases.ts'
import { chart, repository } from '../src/paths.ts'
import { keyOf, template } from '../src/render.ts'
import { scenarioFile } from '../src/scenarios.ts'
import { at, find, install, listOf } from './look.ts'

const services = readChartValues().services
const everything = install({}, { files: [scenarioFile('all-services')] })
const guidePaths = [
  ['/api', 'prod-api'],
  ...['amb', 'bedore', 'bizmsg', 'disqus', 'gbm', 'infobank', 'line', 'media4u', 'plusmessage', 'slack', 'telegram', 'viber', 'wechat', 'zalo'].map(id => [
    `/${id}`,
    `prod-${id}-connector`,
  ]),
  ['/openmessaging', 'prod-gcloudcx-connector'],
  ['/', 'prod-config'],
]

describe('services', () => {
  it('that have code are deployed by default, and no others', () => {
    const folders = readdirSync(join(repository, 'services')).filter(name => existsSync(join(repository, 'services', name, 'package.json')))

    const enabled = services.filter(service => service.enabled && service.name !== 'lab').map(service => service.name)

    expect(enabled.sort()).toEqual(folders.sort())
  })

  it('each have one line in Chart.yaml that follows the rule', () => {
    const { dependencies } = parse(readFileSync(join(chart, 'Chart.yaml'), 'utf8')) as { dependencies: { name: string; alias?: string; condition?: string }[] }

    const lines = dependencies.filter(dependency => dependency.name === 'service')

    expect(lines.map(line => line.alias).sort()).toEqual(services.map(service => service.name).sort())
    for (const line of lines) expect(line.condition?.split(',').at(-1)).toBe(`${line.alias}.enabled`)
  })

  it('carry one version everywhere', () => {
    const charts = ['.', 'charts/common', 'charts/service', 'charts/service/charts/redis', 'charts/rabbitmq'].map(
      folder => parse(readFileSync(join(chart, folder, 'Chart.yaml'), 'utf8')) as { version: string; dependencies?: { version: string }[] },
    )

    const versions = charts.flatMap(({ version, dependencies = [] }) => [version, ...dependencies.map(dependency => dependency.version)])

    expect(new Set(versions).size).toBe(1)
  })

  it('own a Redis each, but for config', () => {
    const withRedis = services.filter(service => everything.some(object => keyOf(object) === `StatefulSet/prod-${service.name}-redis-master`))

    expect(services.filter(service => !withRedis.includes(service)).map(service => service.name)).toEqual(['config', 'lab'])
  })

  it('listen on port 80, in front of port 3000 of the pod', () => {
    for (const { name } of services) {
      expect(at(find(everything, `Service/prod-${name}`), 'spec.ports')).toEqual([{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }])
      expect(at(find(everything, `Deployment/prod-${name}`), 'spec.template.spec.containers.0.ports.0')).toMatchObject({ name: 'http', containerPort: 3000 })
    }
  })
})

describe('the ingress', () => {
  it('has exactly the guide’s paths, each to its service, config last', () => {
    const paths = listOf(at(find(everything, 'Ingress/prod-messaging'), 'spec.rules.0.http.paths'))

    expect(paths.map(path => [at(path, 'path'), at(path, 'backend.service.name')])).toEqual(guidePaths)
    for (const path of paths) expect([at(path, 'pathType'), at(path, 'backend.service.port.number')]).toEqual(['Prefix', 80])
  })

  it('repeats the paths for each host, and offers TLS for them', () => {
    const objects = install({ ingress: { hosts: ['a.acme.org', 'b.acme.org'], tls: [{ hosts: ['a.acme.org', 'b.acme.org'], secretName: 'acme' }] } })

    const rules = listOf(at(find(objects, 'Ingress/prod-messaging'), 'spec.rules'))
    expect(rules.map(rule => at(rule, 'host'))).toEqual(['a.acme.org', 'b.acme.org'])
    expect(at(rules[1], 'http')).toEqual(at(rules[0], 'http'))
    expect(at(find(objects, 'Ingress/prod-messaging'), 'spec.tls')).toEqual([{ hosts: ['a.acme.org', 'b.acme.org'], secretName: 'acme' }])
  })

  it('is not there when it is disabled', () => {
    const objects = install({ ingress: { enabled: false } })

    expect(objects.map(object => object.kind)).not.toContain('Ingress')
  })
})

describe('disabling a service', () => {
  it.each(services.filter(service => service.name !== 'api').map(service => service.name))('removes every trace of %s', name => {
    const objects = install(
      { [name]: { enabled: false } },
      { files: [scenarioFile('all-services')], flags: name === 'config' ? ['--set', 'config.ambMSPId='] : [] },
    )

    const named = new RegExp(`prod-${name}(?![a-z])`)
    expect(objects.filter(object => named.test(JSON.stringify(object))).map(keyOf)).toEqual([])
  })

  it('keeps the rest', () => {
    const objects = install({ 'line-connector': { enabled: false } }, { files: [scenarioFile('all-services')] })

    const gone = everything.map(keyOf).filter(key => !objects.map(keyOf).includes(key))
    expect(gone.every(key => key.includes('prod-line-connector'))).toBe(true)
    expect(gone).toContain('Secret/prod-line-connector-redis')
  })
})

describe.each(helmVersions)('values are refused by Helm %s', helm => {
  it.each([
    ['a misspelt key', 'api: { autoscalling: { enabled: false } }', /autoscalling/],
    ['a misspelt service', 'line-conector: { enabled: true }', /line-conector/],
    ['a wrong type', 'line-connector: { autoscaling: { maxReplicas: many } }', /maxReplicas/],
    ['an unknown log level', 'global: { logging: { level: LOUD } }', /level/],
    ['a short encryption key', 'global: { secrets: { secretKey: short } }', /secretKey/],
  ])('for %s', (_what, values, message) => {
    const { status, stderr } = template({ helm, values, flags: ['--set', 'api.admin.password=x'] })

    expect(status).toBe(1)
    expect(stderr).toMatch(/values don't meet the specifications of the schema/)
    expect(stderr).toMatch(message)
  })

  it.each([
    ['a release name that Kubernetes would choke on', { release: 'a-release-name-far-too-long-for-a-label' }, /too long.*at most \d+ characters/],
    ['an external RabbitMQ that is nowhere', { values: 'rabbitmq: { enabled: false }' }, /global\.rabbitmq\.host/],
    ['an external Redis that is nowhere', { values: 'telegram-connector: { redis: { enabled: false } }' }, /telegram-connector\.redis\.external\.host/],
    ['volumes made by hand without a driver', { values: 'api: { redis: { master: { persistence: { volume: { create: true } } } } }' }, /global\.storageDriver/],
  ])('for %s, with advice', (_what, options, message) => {
    const { status, stderr } = template({ helm, ...options, flags: ['--set', 'api.admin.password=x'] })

    expect(status).toBe(1)
    expect(stderr).toMatch(message)
  })
})
