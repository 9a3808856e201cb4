import type { Limits } from './cgroup.ts'

/** The limits that the product's guide publishes: connectors, and providers, which move the attachments. */
export const guideLimits = { cpuMillicores: 50, memoryMiB: 64 } as const satisfies Limits
export const providerLimits = { cpuMillicores: 100, memoryMiB: 64 } as const satisfies Limits

export function limitsOf(service: string): Required<Limits> {
  return service.endsWith('-provider') ? providerLimits : guideLimits
}
