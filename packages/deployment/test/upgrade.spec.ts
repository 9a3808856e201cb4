import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import { chart } from '../src/paths.ts'
import { provideHelm } from '../src/provide-helm.ts'
import { type KubernetesObject, parseObjects } from '../src/render.ts'
import { at, decode, find } from './look.ts'
import { type RecordedSecrets, startRecordedCluster } from './recorded-cluster.ts'

const run = promisify(execFile)
const installed: RecordedSecrets = {
  'prod-fleet': { 'secret-key': 'the-key-of-the-first-install', 'internal-token': 'the-token-of-the-first-install' },
  'prod-redis': { 'redis-password': 'redis-of-the-first-install' },
  'prod-rabbitmq': { 'rabbitmq-password': 'rabbitmq-of-the-first-install', 'rabbitmq-erlang-cookie': 'cookie-of-the-first-install' },
}

// Helm 3.9 has no way to look things up without a real cluster; its lookup is the same code as in 3.17.
describe.each(['3.17.1', '4.1.4'] as const)('an upgrade with Helm %s', helm => {
  it('keeps every secret that the first install generated', async () => {
    const objects = await upgrade(installed, [])

    expect(secretsOf(objects)).toEqual([
      'the-key-of-the-first-install',
      'the-token-of-the-first-install',
      'redis-of-the-first-install',
      'redis-of-the-first-install',
      'rabbitmq-of-the-first-install',
      'cookie-of-the-first-install',
    ])
  })

  it('restarts nothing when nothing has changed', async () => {
    const [first, second] = [await upgrade(installed, []), await upgrade(installed, [])]

    expect(second).toEqual(first)
  })

  it('honours a password that the values change, and restarts its readers', async () => {
    const before = await upgrade(installed, [])
    const objects = await upgrade(installed, ['--set', 'global.redis.password=new-redis,rabbitmq.auth.password=new-rabbitmq'])

    expect(secretsOf(objects).slice(2, 5)).toEqual(['new-redis', 'new-redis', 'new-rabbitmq'])
    for (const key of ['Deployment/prod-api', 'StatefulSet/prod-api-redis-master', 'StatefulSet/prod-rabbitmq']) {
      expect(at(find(objects, key), 'spec.template.metadata')).not.toEqual(at(find(before, key), 'spec.template.metadata'))
    }
  })

  it('generates what the cluster does not have, once and long enough', async () => {
    const objects = await upgrade({}, ['--set', 'api.admin.password=x'])

    const [key, token, shared, own] = secretsOf(objects)
    expect(key).toMatch(/^[A-Za-z0-9]{32}$/)
    expect(token).toMatch(/^[A-Za-z0-9]{32}$/)
    expect(token).not.toBe(key)
    expect(own).toBe(shared)
  })

  async function upgrade(secrets: RecordedSecrets, flags: readonly string[]): Promise<KubernetesObject[]> {
    const cluster = await startRecordedCluster('messaging', secrets)
    try {
      const connection = ['--kube-apiserver', cluster.url, '--kube-token', 'none']
      const args = [
        'template',
        'prod',
        chart,
        '--namespace',
        'messaging',
        '--is-upgrade',
        '--dry-run=server',
        '--disable-openapi-validation',
        ...connection,
        ...flags,
      ]
      const { stdout } = await run(provideHelm(helm), args, { env: { PATH: process.env.PATH, HOME: '/nonexistent' }, maxBuffer: 64 * 1024 * 1024 })
      expect(cluster.asked).toContain('/api/v1/namespaces/messaging/secrets/prod-redis')
      return parseObjects(stdout)
    } finally {
      await cluster.close()
    }
  }
})

function secretsOf(objects: readonly KubernetesObject[]): string[] {
  return [
    decode(find(objects, 'Secret/prod-fleet'), 'secret-key'),
    decode(find(objects, 'Secret/prod-fleet'), 'internal-token'),
    decode(find(objects, 'Secret/prod-redis'), 'redis-password'),
    decode(find(objects, 'Secret/prod-api-redis'), 'redis-password'),
    decode(find(objects, 'Secret/prod-rabbitmq'), 'rabbitmq-password'),
    decode(find(objects, 'Secret/prod-rabbitmq'), 'rabbitmq-erlang-cookie'),
  ]
}
