import type { KubernetesObject } from './render.ts'
import { isMap, valueAt } from './values-file.ts'

/** One container of the fleet as a container runtime would be told of it, whether the chart or compose.yaml describes it. */
export interface Workload {
  readonly name: string
  readonly image: string
  /** over the image's entry point */
  readonly command: readonly string[]
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly user: number
  readonly isRootReadOnly: boolean
  readonly cpuMilli?: number
  readonly memoryMebibytes?: number
  readonly probe?: { readonly path: string; readonly port: number }
}

/** The containers of a rendering's Deployments and Jobs, with their variables as Kubernetes would make them. */
export function workloadsOf(objects: readonly KubernetesObject[]): Workload[] {
  return objects
    .filter(object => object.kind === 'Deployment' || object.kind === 'Job')
    .map(object => {
      const pod = valueAt(object, ['spec', 'template', 'spec'])
      const container = valueAt(pod, ['containers', '0'])
      const limits = valueAt(container, ['resources', 'limits'])
      const probe = probeOf(container)
      return {
        name: object.metadata.name,
        image: String(valueAt(container, ['image'])),
        command: texts(valueAt(container, ['command'])),
        args: texts(valueAt(container, ['args'])),
        environment: environmentOf(objects, container, object.metadata.name),
        user: Number(valueAt(pod, ['securityContext', 'runAsUser'])),
        isRootReadOnly: valueAt(container, ['securityContext', 'readOnlyRootFilesystem']) === true,
        cpuMilli: milli(valueAt(limits, ['cpu'])),
        memoryMebibytes: mebibytes(valueAt(limits, ['memory'])),
        ...(probe === undefined ? {} : { probe }),
      }
    })
}

function probeOf(container: unknown): Workload['probe'] {
  const request = valueAt(container, ['readinessProbe', 'httpGet'])
  if (!isMap(request)) return undefined
  const ports = valueAt(container, ['ports'])
  const named = Array.isArray(ports) ? ports.find(port => valueAt(port, ['name']) === request.port) : undefined
  return { path: String(request.path), port: Number(valueAt(named, ['containerPort'])) }
}

function environmentOf(objects: readonly KubernetesObject[], container: unknown, podName: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const source of list(valueAt(container, ['envFrom']))) {
    Object.assign(found, dataOf(objects, 'ConfigMap', String(valueAt(source, ['configMapRef', 'name']))))
  }
  for (const entry of list(valueAt(container, ['env']))) {
    const value = variableOf(objects, entry, podName, found)
    if (value !== undefined) found[String(valueAt(entry, ['name']))] = value
  }
  return found
}

/** Undefined: an optional secret that is not there. */
function variableOf(objects: readonly KubernetesObject[], entry: unknown, podName: string, before: Readonly<Record<string, string>>): string | undefined {
  const literal = valueAt(entry, ['value'])
  if (literal !== undefined) return String(literal).replaceAll(/\$\((\w+)\)/g, (whole, name: string) => before[name] ?? whole)
  if (valueAt(entry, ['valueFrom', 'fieldRef', 'fieldPath']) === 'metadata.name') return podName
  const reference = valueAt(entry, ['valueFrom', 'secretKeyRef'])
  const key = String(valueAt(reference, ['key']))
  const secret = String(valueAt(reference, ['name']))
  const value = dataOf(objects, 'Secret', secret)?.[key]
  if (value === undefined && valueAt(reference, ['optional']) !== true)
    throw new Error(`${podName} reads the key ${key} of the secret ${secret}, which is not rendered`)
  return value === undefined ? undefined : Buffer.from(value, 'base64').toString()
}

function dataOf(objects: readonly KubernetesObject[], kind: string, name: string): Record<string, string> | undefined {
  const data = objects.find(object => object.kind === kind && object.metadata.name === name)?.data
  return isMap(data) ? Object.fromEntries(Object.entries(data).map(([key, value]) => [key, String(value)])) : undefined
}

function milli(cpu: unknown): number {
  const text = String(cpu)
  return text.endsWith('m') ? Number(text.slice(0, -1)) : Number(text) * 1000
}

function mebibytes(memory: unknown): number {
  const [, amount, unit] = /^(\d+)(Mi|Gi)$/.exec(String(memory)) ?? []
  if (amount === undefined) throw new Error(`${String(memory)} is not a number of Mi or Gi`)
  return Number(amount) * (unit === 'Gi' ? 1024 : 1)
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function texts(value: unknown): string[] {
  return list(value).map(String)
}
