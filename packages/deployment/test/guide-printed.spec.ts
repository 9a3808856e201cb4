import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { keyOf } from '../src/render.ts'
import { scenarioFile } from '../src/scenarios.ts'
import { at, find, install, listOf } from './look.ts'

/** Longer examples of the installation guide, letter by letter. */
const development = `
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
  image: {tag: dev, pullPolicy: Always}
config: { image: {tag: dev, pullPolicy: Always} }
commander: { image: {tag: dev, pullPolicy: Always} }
amb-connector: { image: {tag: dev, pullPolicy: Always} }
bedore-connector: { image: {tag: dev, pullPolicy: Always} }
bizmsg-connector: { image: {tag: dev, pullPolicy: Always} }
disqus-connector: { image: {tag: dev, pullPolicy: Always} }
gbm-connector: { image: {tag: dev, pullPolicy: Always} }
infobank-connector: { image: {tag: dev, pullPolicy: Always} }
line-connector: { image: {tag: dev, pullPolicy: Always} }
media4u-connector: { image: {tag: dev, pullPolicy: Always} }
plussmessage-connector: { image: {tag: dev, pullPolicy: Always} }
slack-connector: { image: {tag: dev, pullPolicy: Always} }
telegram-connector: { image: {tag: dev, pullPolicy: Always} }
viber-connector: { image: {tag: dev, pullPolicy: Always} }
wechat-connector: { image: {tag: dev, pullPolicy: Always} }
zalo-connector: { image: {tag: dev, pullPolicy: Always} }
gcloudcx-connector: { image: {tag: dev, pullPolicy: Always} }
pureconnect-connector: { image: {tag: dev, pullPolicy: Always} }
aws-provider: { image: {tag: dev, pullPolicy: Always} }
azure-provider: { image: {tag: dev, pullPolicy: Always} }
box-provider: { image: {tag: dev, pullPolicy: Always} }
dropbox-provider: { image: {tag: dev, pullPolicy: Always} }
google-provider: { image: {tag: dev, pullPolicy: Always} }
`
const fargate = `
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

gcloudcx-connector:
  redis:
    volumePermissions:
      enabled: true
    master:
      persistence:
        selector:
          matchLabels:
            owner: gcloudcx-connector
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
`

describe('the values printed in the installation guide', () => {
  it('take development images for every service of the guide', () => {
    const named = Object.keys(parse(development) as object).filter(name => !['global', 'rabbitmq'].includes(name))
    const services = named.map(name => name.replace('plussmessage', 'plusmessage'))
    const enabled = Object.fromEntries(services.filter(name => name !== 'plusmessage-connector').map(name => [name, { enabled: true }]))
    const values = { ...merged(parse(development) as Record<string, object>, enabled), 'plusmessage-connector': { enabled: true } }

    const objects = install(values)

    const images = services.map(name => at(find(objects, `Deployment/prod-${name}`), 'spec.template.spec.containers.0'))
    expect(images).toHaveLength(24)
    for (const image of images) expect([String(at(image, 'image')).split(':').at(-1), at(image, 'imagePullPolicy')]).toEqual(['dev', 'Always'])
  })

  it('do not deploy a connector and a provider that nobody needs', () => {
    const values = 'bedore-connector:\n  enabled: false\n\ndropbox-provider:\n  enabled: false\n'

    const objects = install(values, { files: [scenarioFile('all-services')] })

    expect(objects.map(keyOf).filter(key => /bedore|dropbox/.test(key))).toEqual([])
    expect(objects.map(keyOf)).toContain('Deployment/prod-box-provider')
  })

  it('give the ingress of Google Cloud its reserved address, and the api a NodePort', () => {
    const objects = install('ingress:\n  annotations:\n    kubernetes.io/ingress.global-static-ip-name: my-static-ip\napi:\n  service:\n    type: NodePort\n')

    expect(find(objects, 'Ingress/prod-messaging').metadata.annotations).toEqual({ 'kubernetes.io/ingress.global-static-ip-name': 'my-static-ip' })
    expect(at(find(objects, 'Service/prod-api'), 'spec.type')).toBe('NodePort')
  })

  it('make the volumes of Fargate, each claim taking its own', () => {
    const objects = install(fargate)

    const volumes = objects
      .filter(({ kind }) => kind === 'PersistentVolume')
      .map(volume => [volume.metadata.labels?.owner, at(volume, 'spec.csi.volumeHandle')])
    expect(volumes.sort()).toEqual([
      ['api', 'fs-42'],
      ['gcloudcx-connector', 'fs-42'],
      ['rabbitmq', 'fs-42'],
    ])
    for (const [set, owner] of [
      ['prod-api-redis-master', 'api'],
      ['prod-gcloudcx-connector-redis-master', 'gcloudcx-connector'],
      ['prod-rabbitmq', 'rabbitmq'],
    ]) {
      const { spec } = find(objects, `StatefulSet/${set}`)
      expect(at(spec, 'volumeClaimTemplates.0.spec.selector.matchLabels')).toEqual({ owner })
      expect(listOf(at(spec, 'template.spec.initContainers'))).toHaveLength(1)
    }
  })
})

function merged(first: Record<string, object>, second: Record<string, object>): Record<string, object> {
  return Object.fromEntries([...new Set([...Object.keys(first), ...Object.keys(second)])].map(key => [key, { ...first[key], ...second[key] }]))
}
