import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { readChartValues } from '../src/chart-values.ts'
import { repository } from '../src/paths.ts'
import { imageNames, makeRelease } from '../src/release.ts'
import { render, runHelm } from '../src/render.ts'
import { flagsInContainer, runtime } from '../src/runtime.ts'
import { scenarioFile } from '../src/scenarios.ts'
import { isMap } from '../src/values-file.ts'
import { workloadsOf } from '../src/workloads.ts'
import { container, find, install } from './look.ts'

const enabled = readChartValues().services.filter(service => service.enabled)
const compose = parse(readFileSync(join(repository, 'docker/compose.yaml'), 'utf8'), { merge: true }) as {
  services: Record<string, { image: string; environment?: Record<string, string>; read_only?: boolean; cap_drop?: string[] }>
  configs: { gateway: { content: string } }
}

describe('images', () => {
  it('have the names that the chart pulls', () => {
    const objects = install()
    const pulled = enabled.map(({ name }) => String(container(objects, `Deployment/prod-${name}`).image))

    const built = imageNames('cr.universal-messaging.example')

    // A service is built as soon as it has an entry file, and deployed as soon as it has a folder.
    for (const image of built.filter(image => !image.includes('gum-cli') && !image.includes('/lab:'))) expect(pulled).toContain(image)
  })

  it('run as the user that the chart runs them as, from a root file system without a shell', () => {
    const dockerfile = readFileSync(join(repository, 'docker/Dockerfile'), 'utf8')
    const user = /^USER (\d+):(\d+)$/m.exec(dockerfile)

    expect([user?.[1], user?.[2]]).toEqual(['10001', '10001'])
    expect(JSON.stringify(find(install(), 'Deployment/prod-api'))).toContain('"runAsUser":10001,"runAsGroup":10001')
    expect(
      dockerfile
        .split('\n')
        .filter(line => line.startsWith('FROM'))
        .at(-1),
    ).toBe('FROM scratch')
  })
})

describe('Node in an image', () => {
  const dockerfile = readFileSync(join(repository, 'docker/Dockerfile'), 'utf8')

  it('starts with the flags and the variables that everybody measures with', () => {
    const entry = JSON.parse(/^ENTRYPOINT (.+)$/m.exec(dockerfile)?.[1] ?? '[]') as string[]

    expect(entry).toEqual(['node', ...flagsInContainer(), '/app/main.mjs'])
    for (const [name, value] of Object.entries(runtime.environment)) expect(dockerfile).toContain(`${name}=${value}`)
  })

  it.each([
    ['64Mi', 64],
    ['127Mi', 127],
    ['130M', 123],
    ['128Mi', 128],
    ['135M', 128],
    ['0.5Gi', 512],
  ])('gets the flags that fit a limit of %s', (memory, mebibytes) => {
    const manifests = install({ api: { api_root: 'https://x.org' }, 'line-connector': { enabled: true, resources: { limits: { memory } } } })

    const expected = mebibytes < runtime.roomy.fromMebibytes ? undefined : ['node', ...flagsInContainer(mebibytes), '/app/main.mjs']
    expect(container(manifests, 'Deployment/prod-line-connector').command).toEqual(expected)
  })

  it('finds compiled code for the limits that the chart sets', () => {
    const everything = render({ files: [scenarioFile('all-services')] })
    const limits = new Set(workloadsOf(everything).map(({ memoryMebibytes }) => memoryMebibytes))

    expect([...limits].filter(limit => !runtime.usualMemoryMebibytes.includes(limit ?? 0))).toEqual([])
  })
})

describe('docker/compose.yaml', () => {
  it('runs the services that the chart runs, each with its own Redis', () => {
    const expected = enabled.flatMap(({ name, kind }) => (kind === 'config' ? [name] : [name, `${name}-redis`]))

    expect(Object.keys(compose.services).sort()).toEqual([...expected, 'gateway', 'rabbitmq'].sort())
  })

  it.each(enabled.map(service => [service.name, service.kind]))('gives %s its image, its Redis and the hardening of the chart', (name, kind) => {
    const service = compose.services[name]

    expect(service?.image).toContain(`gum/${name.replaceAll('-', '_')}:`)
    expect(service?.environment).toMatchObject({ SERVICE_URL_TEMPLATE: 'http://{service}:3000' })
    expect(service?.environment?.REDIS_HOST).toBe(kind === 'config' ? undefined : `${name}-redis`)
    expect([service?.read_only, service?.cap_drop]).toEqual([true, ['ALL']])
  })

  it('leads each public path to its service', () => {
    for (const { name, path } of enabled.filter(service => service.path !== '' && service.path !== '/')) {
      expect(compose.configs.gateway.content).toContain(`reverse_proxy ${path}* ${name}:3000`)
    }
  })

  it('opens and closes each block of the gateway’s configuration on a line of its own, as Caddy asks for', () => {
    const lines = compose.configs.gateway.content.trim().split('\n')

    expect(lines.filter(line => line.endsWith('{'))).toHaveLength(2)
    expect(lines.filter(line => line.trim() === '}')).toHaveLength(2)
    expect(lines.at(-1)).toBe('}')
  })

  it('sets the variables that the chart sets', () => {
    const environment = find(install({ api: { api_root: 'https://x.org' } }), 'ConfigMap/prod-environment').data
    const known = [
      ...Object.keys(isMap(environment) ? environment : {}),
      'SECRET_KEY',
      'INTERNAL_TOKEN',
      'RABBITMQ_PASSWORD',
      'REDIS_HOST',
      'LOG_LEVEL',
      'ADMIN_PASSWORD',
    ]

    for (const { name } of enabled) for (const key of Object.keys(compose.services[name]?.environment ?? {})) expect(known).toContain(key)
  })
})

describe('a release', () => {
  it('is a chart repository from which Helm can install, with checksums of everything', () => {
    const folder = mkdtempSync(join(tmpdir(), 'release-'))
    try {
      makeRelease({ output: folder, url: 'https://charts.acme.org', registry: 'cr.acme.org' })

      const archive = 'universal-messaging-1.0.19.tgz'
      const { status, stdout } = runHelm('4.1.4', ['template', 'prod', join(folder, archive), '--set', 'api.admin.password=x'])
      expect([status, stdout.includes('name: prod-messaging')]).toEqual([0, true])
      expect(readdirSync(folder).sort()).toEqual(['SHA256SUMS', 'images.txt', 'index.yaml', 'install.sh', archive])
      expect(readFileSync(join(folder, 'index.yaml'), 'utf8')).toContain(`https://charts.acme.org/${archive}`)
      expect(execFileSync('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: folder, encoding: 'utf8' })).toBe('')
      expect(execFileSync('tar', ['-tzf', join(folder, archive)], { encoding: 'utf8' })).not.toContain('/ci/')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
