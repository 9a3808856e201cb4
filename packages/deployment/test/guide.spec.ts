import { describe, expect, it } from '@jest/globals'
import { keyOf, render, template } from '../src/render.ts'
import { at, container, find, install, listOf, variable } from './look.ts'

describe('the values printed in the installation guide', () => {
  it('install with passwords of one’s own', () => {
    const objects = render({
      values: `
global:
  redis:
    password: r3d1sS3cr3t
rabbitmq:
  auth:
    password: r2bb1tS3cr3t
    erlangCookie: MyV3ryB1gS3cr3tC00k1e
api:
  admin:
    password: s1ms3cr3t
  api_root: https://www.acme.org
`,
    })

    expect(at(find(objects, 'Secret/prod-redis'), 'data')).toEqual({ 'redis-password': base64('r3d1sS3cr3t') })
    expect(at(find(objects, 'Secret/prod-api-redis'), 'data')).toEqual({ 'redis-password': base64('r3d1sS3cr3t') })
    expect(at(find(objects, 'Secret/prod-rabbitmq'), 'data')).toEqual({
      'rabbitmq-password': base64('r2bb1tS3cr3t'),
      'rabbitmq-erlang-cookie': base64('MyV3ryB1gS3cr3tC00k1e'),
    })
    expect(at(find(objects, 'ConfigMap/prod-environment'), 'data.PUBLIC_URL')).toBe('https://www.acme.org')
    expect(at(find(objects, 'Secret/prod-set-admin-password'), 'data.password')).toBe(base64('s1ms3cr3t'))
  })

  it('stop without the administrator’s password, with advice', () => {
    const { status, stderr } = template()

    expect(status).toBe(1)
    expect(stderr).toContain('api.admin.password is missing')
    expect(stderr).toContain('zxcvbn')
  })

  it('upgrade without the administrator’s password, since the guide’s upgrade file has none', () => {
    const objects = render({ flags: ['--is-upgrade'] })

    expect(objects.map(keyOf)).not.toContain('Job/prod-set-admin-password')
    expect(objects.map(keyOf)).toContain('Deployment/prod-api')
  })

  it('choose an ingress class', () => {
    const objects = install('ingress:\n  className: "nginx"\n')

    expect(at(find(objects, 'Ingress/prod-messaging'), 'spec.ingressClassName')).toBe('nginx')
  })

  it('choose development images, one line per service, with the misspelt plusmessage too', () => {
    const names = ['api', 'config', 'commander', 'line-connector', 'gcloudcx-connector', 'aws-provider', 'plussmessage-connector']
    const values = names.map(name => `${name}: { enabled: true, image: {tag: dev, pullPolicy: Always} }`).join('\n')

    const objects = install(values)

    for (const name of [...names.slice(0, -1), 'plusmessage-connector']) {
      const { image, imagePullPolicy } = container(objects, `Deployment/prod-${name}`)
      expect(image).toBe(`cr.universal-messaging.example/gum/${name.replace('-', '_')}:dev`)
      expect(imagePullPolicy).toBe('Always')
    }
    expect(objects.map(keyOf).filter(key => key.includes('plussmessage'))).toEqual([])
  })

  it('switch services off', () => {
    const objects = install('telegram-connector:\n  enabled: false\n\naws-provider:\n  enabled: false\n')

    expect(JSON.stringify(objects)).not.toMatch(/telegram|aws-provider/)
  })

  it('turn up the logging of one service', () => {
    const objects = install('line-connector:\n  enabled: true\n  logging:\n    flushFrequency: immediate\n    level: DEBUG\n')

    expect(variable(objects, 'Deployment/prod-line-connector', 'LOG_LEVEL')).toBe('DEBUG')
    expect(variable(objects, 'Deployment/prod-line-connector', 'LOG_FLUSH_FREQUENCY')).toBe('immediate')
    expect(variable(objects, 'Deployment/prod-api', 'LOG_LEVEL')).toBe('INFO')
  })

  it('turn up the logging of all services, and more of one', () => {
    const objects = install('global:\n  logging:\n    level: DEBUG\n\nline-connector:\n  enabled: true\n  logging:\n    level: TRACE\n')

    expect(variable(objects, 'Deployment/prod-api', 'LOG_LEVEL')).toBe('DEBUG')
    expect(variable(objects, 'Deployment/prod-line-connector', 'LOG_LEVEL')).toBe('TRACE')
  })

  it('scale between 1 and 10 pods at 80 % by default', () => {
    const objects = install('line-connector: { enabled: true }')

    const { minReplicas, maxReplicas, metrics } = at(find(objects, 'HorizontalPodAutoscaler/prod-line-connector'), 'spec') as Record<string, unknown>
    expect([minReplicas, maxReplicas]).toEqual([1, 10])
    expect(at(metrics, '0.resource.target.averageUtilization')).toBe(80)
  })

  it('scale otherwise when asked', () => {
    const objects = install(
      'line-connector:\n  enabled: true\n  autoscaling:\n    minReplicas: 2\n    maxReplicas: 4\n    targetCPUUtilizationPercentage: 50\n',
    )

    const { minReplicas, maxReplicas, metrics } = at(find(objects, 'HorizontalPodAutoscaler/prod-line-connector'), 'spec') as Record<string, unknown>
    expect([minReplicas, maxReplicas]).toEqual([2, 4])
    expect(at(metrics, '0.resource.target.averageUtilization')).toBe(50)
  })

  it('take an image from a registry of one’s own', () => {
    const objects = install(`
line-connector:
  enabled: true
  image:
    registry: asia.gcr.io
    repository: gum/line_connector
    tag: xxx
    pullPolicy: IfNotPresent
`)

    expect(container(objects, 'Deployment/prod-line-connector').image).toBe('asia.gcr.io/gum/line_connector:xxx')
  })

  it('take an image from the node itself, without a registry', () => {
    const objects = install('line-connector: { enabled: true, image: { registry: none, pullPolicy: Never } }')

    expect(container(objects, 'Deployment/prod-line-connector').image).toBe('gum/line_connector:1.0.14')
    expect(container(objects, 'Deployment/prod-line-connector').imagePullPolicy).toBe('Never')
  })

  it('use an external RabbitMQ, with the secret made by hand', () => {
    const objects = install(`
global:
  rabbitmq:
    host: xyz.rmq.cloudamqp.com
    vhost: "vhostFromCloudAMQP"
    user: "userFromCloudAMQP"
rabbitmq:
  enabled: false
`)

    expect(at(find(objects, 'ConfigMap/prod-environment'), 'data')).toMatchObject({
      RABBITMQ_HOST: 'xyz.rmq.cloudamqp.com',
      RABBITMQ_VHOST: 'vhostFromCloudAMQP',
      RABBITMQ_USER: 'userFromCloudAMQP',
    })
    expect(variable(objects, 'Deployment/prod-api', 'RABBITMQ_PASSWORD')).toBe('prod-rabbitmq/rabbitmq-password')
    expect(objects.map(keyOf).filter(key => key.includes('rabbitmq'))).toEqual([])
  })

  it('set resources', () => {
    const resources = { limits: { cpu: '500m', memory: '512Mi' }, requests: { cpu: '200m', memory: '128Mi' } }

    const objects = install({ 'line-connector': { enabled: true, resources } })

    expect(container(objects, 'Deployment/prod-line-connector').resources).toEqual(resources)
  })

  // 96Mi instead of the printed 64Mi: the smallest limit in which a container holds that is the first on its node (docs/benchmarks.md)
  it('have the printed resources as defaults, with room for the pages of Node itself', () => {
    const objects = install({ 'line-connector': { enabled: true }, 'azure-provider': { enabled: true } })

    const requests = { cpu: '20m', memory: '32Mi' }
    expect(container(objects, 'Deployment/prod-line-connector').resources).toEqual({ limits: { cpu: '50m', memory: '96Mi' }, requests })
    expect(container(objects, 'Deployment/prod-azure-provider').resources).toEqual({ limits: { cpu: '100m', memory: '96Mi' }, requests })
  })

  it('annotate the ingress for AWS certificates', () => {
    const annotations = {
      'alb.ingress.kubernetes.io/listen-ports': '[{"HTTPS":443}, {"HTTP":80}]',
      'alb.ingress.kubernetes.io/certificate-arn': 'arn:aws:acm:ap-northeast-1:123456:certificate/xxxx',
      'alb.ingress.kubernetes.io/actions.ssl-redirect':
        '{"Type": "redirect", "RedirectConfig": { "Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}}',
    }

    const objects = install({ ingress: { annotations } })

    expect(find(objects, 'Ingress/prod-messaging').metadata.annotations).toEqual(annotations)
  })

  it('configure the ALB ingress; its class is named once, since Kubernetes refuses class and annotation together', () => {
    const objects = install(`
ingress:
  enabled: true
  className: alb
  annotations:
    kubernetes.io/ingress.class: alb
    alb.ingress.kubernetes.io/target-type: ip
    alb.ingress.kubernetes.io/scheme: internet-facing
`)

    const ingress = find(objects, 'Ingress/prod-messaging')
    expect(at(ingress, 'spec.ingressClassName')).toBe('alb')
    expect(ingress.metadata.annotations).toEqual({ 'alb.ingress.kubernetes.io/target-type': 'ip', 'alb.ingress.kubernetes.io/scheme': 'internet-facing' })
  })

  it('give services a NodePort and health check annotations', () => {
    const objects = install(`
api:
  service:
    type: NodePort
    annotations:
      alb.ingress.kubernetes.io/healthcheck-port: "32000"
      alb.ingress.kubernetes.io/healthcheck-path: "/healthz/readiness"

config:
  enabled: true
  service:
    type: NodePort
    annotations:
      alb.ingress.kubernetes.io/healthcheck-port: "3000"
      alb.ingress.kubernetes.io/healthcheck-path: "/"
      alb.ingress.kubernetes.io/success-codes: "200,302"
`)

    const api = find(objects, 'Service/prod-api')
    expect(at(api, 'spec.type')).toBe('NodePort')
    expect(api.metadata.annotations?.['alb.ingress.kubernetes.io/healthcheck-path']).toBe('/healthz/readiness')
    expect(find(objects, 'Service/prod-config').metadata.annotations?.['alb.ingress.kubernetes.io/success-codes']).toBe('200,302')
    expect(at(find(objects, 'Service/prod-telegram-connector'), 'spec.type')).toBe('ClusterIP')
  })

  it('make volumes for Fargate, each Redis with a folder of its own on the shared file system', () => {
    const objects = install(`
global:
  storageClass: efs-sc
  storageDriver: efs.csi.aws.com
  storageHandle: fs-42
api:
  redis:
    volumePermissions:
      enabled: true
    master:
      persistence:
        selector:
          matchLabels:
            owner: api
        volume: { create: true }
rabbitmq:
  persistence:
    selector:
      matchLabels:
        owner: rabbitmq
    volume: { create: true }
  volumePermissions:
    enabled: true
  ulimitNofiles: ""
`)

    const volume = find(objects, 'PersistentVolume/messaging-prod-api-redis')
    expect(volume.metadata.labels?.owner).toBe('api')
    expect(at(volume, 'spec.csi')).toEqual({ driver: 'efs.csi.aws.com', volumeHandle: 'fs-42' })
    const redis = find(objects, 'StatefulSet/prod-api-redis-master')
    expect(at(redis, 'spec.volumeClaimTemplates.0.spec')).toMatchObject({ storageClassName: 'efs-sc', selector: { matchLabels: { owner: 'api' } } })
    expect(at(redis, 'spec.template.spec.containers.0.volumeMounts.0')).toMatchObject({ mountPath: '/data', subPath: 'prod-api-redis' })
    expect(at(redis, 'spec.template.spec.initContainers.0.volumeMounts.0')).toMatchObject({ mountPath: '/data', subPath: 'prod-api-redis' })
    expect(at(find(objects, 'StatefulSet/prod-rabbitmq'), 'spec.template.spec.containers.0.volumeMounts.0.subPath')).toBe('prod-rabbitmq')
    expect(variable(objects, 'StatefulSet/prod-rabbitmq', 'NOFILES')).toBe('')
  })
})

describe('the commands printed in the installation guide', () => {
  const objects = install()

  it.each([
    ['the Redis password, by the label of the api’s Redis', 'app.kubernetes.io/name=api-redis', 'redis-password'],
    ['the RabbitMQ password, by the label app', 'app=rabbitmq', 'rabbitmq-password'],
    ['the Erlang cookie, by the label app', 'app=rabbitmq', 'rabbitmq-erlang-cookie'],
  ])('read %s, from the only secret that fits', (_what, selector, key) => {
    const [label = '', value] = selector.split('=')

    const secrets = objects.filter(object => object.kind === 'Secret' && object.metadata.labels?.[label] === value)

    expect(secrets).toHaveLength(1)
    expect(at(secrets[0], `data.${key}`)).toEqual(expect.any(String))
  })

  it('read the same Redis password from the shared secret', () => {
    const shared = at(find(objects, 'Secret/prod-redis'), 'data')

    expect(at(find(objects, 'Secret/prod-telegram-connector-redis'), 'data')).toEqual(shared)
  })

  it('find one Redis pod by its name in the cluster, from a pod called redis-client', () => {
    const service = find(objects, 'Service/prod-gcloudcx-connector-redis-master-0')
    const policy = find(objects, 'NetworkPolicy/prod-gcloudcx-connector-redis-master')

    expect(at(service, 'spec.selector')).toMatchObject({ 'statefulset.kubernetes.io/pod-name': 'prod-gcloudcx-connector-redis-master-0' })
    expect(listOf(at(policy, 'spec.ingress.0.from'))).toContainEqual({ podSelector: { matchLabels: { run: 'redis-client' } } })
  })

  it('forward the ports of Redis and of the RabbitMQ dashboard', () => {
    const redis = find(objects, 'Service/prod-api-redis-master')
    const rabbitmq = find(objects, 'Service/prod-rabbitmq')

    expect(at(redis, 'spec.ports.0.port')).toBe(6379)
    expect(listOf(at(rabbitmq, 'spec.ports')).map(port => at(port, 'port'))).toEqual(expect.arrayContaining([5672, 15672]))
  })

  it('read logs by the label connector', () => {
    const labels = at(find(objects, 'Deployment/prod-gcloudcx-connector'), 'spec.template.metadata.labels')

    expect(labels).toMatchObject({ connector: 'gcloudcx', 'app.kubernetes.io/instance': 'prod' })
  })
})

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
