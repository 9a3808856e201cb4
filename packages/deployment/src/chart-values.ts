import { join } from 'node:path'
import { chart } from './paths.ts'
import { type DocumentedKey, isMap, readValuesFile } from './values-file.ts'

/** One service as the chart knows it. */
export interface ChartService {
  readonly name: string
  readonly kind: string
  readonly path: string
  readonly enabled: boolean
  /** values that only this service has, such as `api.api_root`; paths are relative to its block */
  readonly ownKeys: readonly DocumentedKey[]
}

export interface ChartValues {
  /** keys of `global` and `ingress` */
  readonly top: readonly DocumentedKey[]
  readonly services: readonly ChartService[]
  readonly service: readonly DocumentedKey[]
  readonly redis: readonly DocumentedKey[]
  readonly rabbitmq: readonly DocumentedKey[]
}

export function readChartValues(): ChartValues {
  const umbrella = readValuesFile(join(chart, 'values.yaml'))
  const services = Object.entries(umbrella.values).flatMap(([name, block]) => {
    if (!isMap(block) || typeof block.kind !== 'string') return []
    const ownKeys = umbrella.keys.filter(key => key.path[0] === name).map(key => ({ ...key, path: key.path.slice(1) }))
    return [{ name, kind: block.kind, path: String(block.path ?? ''), enabled: block.enabled === true, ownKeys }]
  })
  const names = new Set(services.map(service => service.name))
  return {
    top: umbrella.keys.filter(key => !names.has(key.path[0] ?? '')),
    services,
    service: readValuesFile(join(chart, 'charts/service/values.yaml')).keys,
    redis: readValuesFile(join(chart, 'charts/service/charts/redis/values.yaml')).keys,
    rabbitmq: readValuesFile(join(chart, 'charts/rabbitmq/values.yaml')).keys,
  }
}
