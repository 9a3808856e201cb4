import { describe, expect, it } from '@jest/globals'
import { type KubernetesObject, keyOf, render } from '../src/render.ts'
import { scenarioFile, scenarioNames } from '../src/scenarios.ts'
import { isMap } from '../src/values-file.ts'
import { at, container, decode, find, install, listOf, variable } from './look.ts'

const everything = install({}, { files: [scenarioFile('all-services')] })

describe.each(scenarioNames())('every pod of the scenario %s', name => {
  const pods = render({ files: [scenarioFile(name)] }).flatMap(podOf)

  it('satisfies the restricted Pod Security Standard', () => {
    for (const { key, spec } of pods) {
      expect([key, at(spec, 'securityContext.runAsNonRoot'), at(spec, 'securityContext.seccompProfile.type')]).toEqual([key, true, 'RuntimeDefault'])
      for (const each of listOf(at(spec, 'containers'))) {
        expect([key, at(each, 'securityContext')]).toEqual([
          key,
          { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
        ])
      }
    }
  })

  it('has limits and requests, a token for nobody, and no variables of other services', () => {
    for (const { key, spec } of pods) {
      expect([key, at(spec, 'automountServiceAccountToken'), at(spec, 'enableServiceLinks')]).toEqual([key, false, false])
      for (const each of listOf(at(spec, 'containers'))) {
        expect([key, Object.keys(at(each, 'resources.limits') as object).sort()]).toEqual([key, ['cpu', 'memory']])
      }
    }
  })
})

describe('a root container', () => {
  it('exists only where volumePermissions ask for it, and may do nothing but hand over the volume', () => {
    const pods = render({ files: [scenarioFile('fargate')] }).flatMap(podOf)

    const roots = pods.filter(({ spec }) => isMap(spec) && spec.initContainers !== undefined)

    expect(roots.map(({ key }) => key)).toEqual(['StatefulSet/prod-api-redis-master', 'StatefulSet/prod-rabbitmq'])
    for (const { spec } of roots)
      expect(at(spec, 'initContainers.0.securityContext.capabilities')).toEqual({ drop: ['ALL'], add: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER'] })
  })
})

describe('secrets', () => {
  const objects = render({ files: [scenarioFile('default')] })

  it('stand in Secret objects only', () => {
    const others = objects.filter(object => object.kind !== 'Secret')

    expect(JSON.stringify(others)).not.toMatch(/fixed-[a-z-]*(password|cookie|key|token)/)
  })

  it('reach every service that needs them', () => {
    for (const name of ['api', 'telegram-connector', 'gcloudcx-connector', 'aws-provider']) {
      const read = ['SECRET_KEY', 'INTERNAL_TOKEN', 'RABBITMQ_PASSWORD', 'REDIS_PASSWORD'].map(key => variable(objects, `Deployment/prod-${name}`, key))
      expect(read).toEqual(['prod-fleet/secret-key', 'prod-fleet/internal-token', 'prod-rabbitmq/rabbitmq-password', `prod-${name}-redis/redis-password`])
    }
  })

  it('reach the job that sets the administrator’s password, which runs the api’s image', () => {
    const job = container(objects, 'Job/prod-set-admin-password')

    expect(job).toMatchObject({ image: 'cr.universal-messaging.example/gum/api:1.0.14', args: ['set-admin-password'] })
    expect(variable(objects, 'Job/prod-set-admin-password', 'ADMIN_PASSWORD')).toBe('prod-set-admin-password/password')
    expect(decode(find(objects, 'Secret/prod-set-admin-password'), 'password')).toBe('fixed-administrator-password')
    expect(find(objects, 'Job/prod-set-admin-password').metadata.annotations).toMatchObject({ 'helm.sh/hook': 'post-install,post-upgrade' })
    expect(find(objects, 'Secret/prod-set-admin-password').metadata.annotations).toMatchObject({
      'helm.sh/hook-delete-policy': expect.stringContaining('hook-succeeded'),
    })
  })

  it('of Apple reach the config site and the Apple connector, and nobody else', () => {
    const readers = everything.filter(object => object.kind === 'Deployment' && JSON.stringify(object).includes('AMB_MSP_SECRET'))

    expect(readers.map(keyOf)).toEqual(['Deployment/prod-amb-connector', 'Deployment/prod-config'])
  })

  it.each<[string, object, string]>([
    ['the public address', { api: { api_root: 'https://other.acme.org' } }, 'Deployment/prod-telegram-connector'],
    ['the Redis password', { global: { redis: { password: 'changed' } } }, 'Deployment/prod-telegram-connector'],
    ['the Redis password', { global: { redis: { password: 'changed' } } }, 'StatefulSet/prod-api-redis-master'],
    ['the RabbitMQ password', { rabbitmq: { auth: { password: 'changed' } } }, 'Deployment/prod-telegram-connector'],
    ['the RabbitMQ password', { rabbitmq: { auth: { password: 'changed' } } }, 'StatefulSet/prod-rabbitmq'],
  ])('and a change of %s (%j) restarts %s', (_what, values, key) => {
    const changed = render({ files: [scenarioFile('default')], values })

    expect(checksum(changed, key)).not.toBe(checksum(objects, key))
  })

  it('do not restart what does not read them', () => {
    const changed = render({ files: [scenarioFile('default')], values: { rabbitmq: { auth: { password: 'changed' } } } })

    expect(checksum(changed, 'StatefulSet/prod-api-redis-master')).toBe(checksum(objects, 'StatefulSet/prod-api-redis-master'))
  })
})

function checksum(objects: readonly KubernetesObject[], key: string): unknown {
  const annotations = at(find(objects, key), 'spec.template.metadata.annotations')
  return isMap(annotations) ? annotations['checksum/config'] : undefined
}

function podOf(object: KubernetesObject): { key: string; spec: unknown }[] {
  const spec = object.kind === 'Pod' ? object.spec : at(object, 'spec.template.spec')
  return isMap(spec) && Array.isArray(spec.containers) ? [{ key: keyOf(object), spec }] : []
}
