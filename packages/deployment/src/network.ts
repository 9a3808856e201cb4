import type { KubernetesObject } from './render.ts'
import { isMap, valueAt } from './values-file.ts'

export interface Pod {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  /** named container ports */
  readonly ports: Readonly<Record<string, number>>
}

/** `stranger` is any pod of another namespace, such as an ingress controller; `internet` is any public address. */
export type Peer = Pod | 'stranger' | 'internet'

/** The pods that a rendering would start, one per workload. */
export function podsOf(objects: readonly KubernetesObject[]): Pod[] {
  return objects.flatMap(object => {
    const template = object.kind === 'Pod' ? object : valueAt(object, ['spec', 'template'])
    const labels = valueAt(template, ['metadata', 'labels'])
    const containers = valueAt(template, ['spec', 'containers'])
    if (!isMap(labels) || !Array.isArray(containers)) return []
    const ports = containers
      .flatMap(container => arrayAt(container, ['ports']))
      .map(port => [String(valueAt(port, ['name'])), Number(valueAt(port, ['containerPort']))])
    return [{ name: object.metadata.name, labels: labels as Record<string, string>, ports: Object.fromEntries(ports) as Record<string, number> }]
  })
}

/**
 * Whether the network policies of a rendering let one pod open a connection to another (or come in from or go out to the rest
 * of the world), by the rules of Kubernetes: a pod that no policy selects is open, otherwise some rule must allow it, and both
 * ends must agree.
 */
export function mayConnect(objects: readonly KubernetesObject[], from: Peer, to: Peer, port: number): boolean {
  return (typeof from === 'string' || passes(objects, from, 'egress', to, port)) && (typeof to === 'string' || passes(objects, to, 'ingress', from, port))
}

function passes(objects: readonly KubernetesObject[], pod: Pod, direction: 'ingress' | 'egress', other: Peer, port: number): boolean {
  const type = direction === 'ingress' ? 'Ingress' : 'Egress'
  const policies = objects.filter(
    object =>
      object.kind === 'NetworkPolicy' && selects(valueAt(object, ['spec', 'podSelector']), pod) && arrayAt(object, ['spec', 'policyTypes']).includes(type),
  )
  if (policies.length === 0) return true
  const receiver = direction === 'ingress' ? pod : other
  return policies
    .flatMap(policy => arrayAt(policy, ['spec', direction]))
    .some(rule => portFits(rule, receiver, port) && peerFits(valueAt(rule, [direction === 'ingress' ? 'from' : 'to']), other))
}

function portFits(rule: unknown, receiver: Peer, port: number): boolean {
  const ports = arrayAt(rule, ['ports'])
  if (ports.length === 0) return true
  return ports.some(entry => {
    const wanted = valueAt(entry, ['port'])
    return typeof wanted === 'string' ? typeof receiver !== 'string' && receiver.ports[wanted] === port : wanted === port
  })
}

function peerFits(peers: unknown, other: Peer): boolean {
  if (!Array.isArray(peers)) return true
  return peers.some(peer => {
    if (other === 'internet') return valueAt(peer, ['ipBlock', 'cidr']) === '0.0.0.0/0'
    if (other === 'stranger') return isMap(valueAt(peer, ['namespaceSelector']))
    // A namespaceSelector without conditions takes in the pod's own namespace too.
    return isMap(valueAt(peer, ['namespaceSelector'])) || selects(valueAt(peer, ['podSelector']), other)
  })
}

function selects(selector: unknown, pod: Pod): boolean {
  if (!isMap(selector)) return false
  const labels = Object.entries((selector.matchLabels ?? {}) as Record<string, string>)
  const expressions = arrayAt(selector, ['matchExpressions'])
  return (
    labels.every(([key, value]) => pod.labels[key] === value) &&
    expressions.every(expression => arrayAt(expression, ['values']).includes(pod.labels[String(valueAt(expression, ['key']))]))
  )
}

function arrayAt(value: unknown, path: readonly string[]): unknown[] {
  const found = valueAt(value, path)
  return Array.isArray(found) ? found : []
}
