import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the cluster says that it knows; Helm looks up each kind that it renders. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  v1: ['ConfigMap', 'Pod', 'Secret', 'Service', 'ServiceAccount'],
  'apps/v1': ['Deployment', 'StatefulSet'],
  'autoscaling/v2': ['HorizontalPodAutoscaler'],
  'batch/v1': ['Job'],
  'networking.k8s.io/v1': ['Ingress', 'NetworkPolicy'],
  'policy/v1': ['PodDisruptionBudget'],
}

/** Just enough of a Kubernetes API server for Helm's `lookup`: the secrets of one namespace, as they were recorded. */
export interface RecordedCluster {
  readonly url: string
  /** paths that Helm asked for */
  readonly asked: readonly string[]
  close(): Promise<void>
}

export type RecordedSecrets = Readonly<Record<string, Readonly<Record<string, string>>>>

export async function startRecordedCluster(namespace: string, secrets: RecordedSecrets): Promise<RecordedCluster> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://cluster').pathname
    asked.push(path)
    const answer = answerTo(path, namespace, secrets)
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer ?? { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404 }))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    close: () => new Promise((resolve, reject) => server.close(error => (error === undefined ? resolve() : reject(error)))),
  }
}

function answerTo(path: string, namespace: string, secrets: RecordedSecrets): object | undefined {
  if (path === '/version') return { major: '1', minor: '31', gitVersion: 'v1.31.0' }
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] }
  if (path === '/apis')
    return {
      kind: 'APIGroupList',
      apiVersion: 'v1',
      groups: Object.keys(kinds)
        .filter(key => key !== 'v1')
        .map(groupOf),
    }
  const groupVersion = /^\/apis?\/([a-z0-9./]+)$/.exec(path)?.[1] ?? ''
  const known = kinds[groupVersion]
  if (known !== undefined) return { kind: 'APIResourceList', groupVersion, resources: known.map(resourceOf) }
  const name = path.startsWith(`/api/v1/namespaces/${namespace}/secrets/`) ? path.split('/').at(-1) : undefined
  const recorded = name === undefined ? undefined : secrets[name]
  if (recorded === undefined) return undefined
  const data = Object.fromEntries(Object.entries(recorded).map(([key, value]) => [key, Buffer.from(value).toString('base64')]))
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, data }
}

function groupOf(groupVersion: string): object {
  const [name, version] = groupVersion.split('/')
  return { name, versions: [{ groupVersion, version }], preferredVersion: { groupVersion, version } }
}

function resourceOf(kind: string): object {
  const plural = kind.toLowerCase().replace(/y$/, 'ie').replace(/s$/, 'se')
  return { name: `${plural}s`, singularName: kind.toLowerCase(), kind, namespaced: true, verbs: ['get', 'list'] }
}
