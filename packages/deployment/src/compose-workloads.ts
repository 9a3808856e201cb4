import { parse } from 'yaml'
import { isMap, valueAt } from './values-file.ts'
import type { Workload } from './workloads.ts'

/** What compose.yaml runs from images of ours, and what its gateway is told; both with the defaults of its variables. */
export function composeWorkloads(text: string, registry: string): { workloads: Workload[]; gateway: string } {
  const compose: unknown = parse(interpolated(text, { REGISTRY: registry }), { merge: true })
  const services = valueAt(compose, ['services'])
  const workloads = Object.entries(isMap(services) ? services : {}).filter(([, service]) => String(valueAt(service, ['image'])).startsWith(`${registry}gum/`))
  return { workloads: workloads.map(([name, service]) => workload(name, service)), gateway: String(valueAt(compose, ['configs', 'gateway', 'content'])) }
}

function workload(name: string, service: unknown): Workload {
  const environment = valueAt(service, ['environment'])
  return {
    name,
    image: String(valueAt(service, ['image'])),
    command: [],
    args: [],
    environment: Object.fromEntries(Object.entries(isMap(environment) ? environment : {}).map(([key, value]) => [key, String(value)])),
    user: 10001,
    isRootReadOnly: valueAt(service, ['read_only']) === true,
    memoryMebibytes: Number(/^(\d+)m$/.exec(String(valueAt(service, ['mem_limit'])))?.[1]),
    probe: { path: '/healthz/readiness', port: 32_000 },
  }
}

/** Compose's own way with variables, as far as our file uses it: `${NAME:-default}`. */
function interpolated(text: string, given: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{(\w+):-([^}]*)\}/g, (_, name: string, fallback: string) => given[name] ?? fallback)
}
