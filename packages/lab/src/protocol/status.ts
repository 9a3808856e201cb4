import type { PlatformInfo } from './phone.ts'

/** How the Lab itself fares. `GET /info` and the `status` event. */
export interface LabInfo {
  /** new with every start of the Lab: a page that sees another one reloads everything */
  instance: string
  startedAt: string
  platforms: PlatformInfo[]
  simulators: SimulatorStatus[]
  gateway: GatewayStatus
  journal: JournalStatus
  seed: SeedStatus
}

export interface SimulatorStatus {
  /** 'telegram', 'genesys', 's3' */
  id: string
  label: string
  /** base address for a tenant's `apiUrl` */
  url: string
  /** false: the `down` fault has closed its port */
  up: boolean
  /** since the start; see also `GET /audit/<id>` */
  counters: Record<string, number>
}

/** The fleet's public address. `none`: this Lab runs without a fleet. */
export interface GatewayStatus {
  state: 'none' | 'connecting' | 'up' | 'down'
  url?: string
  why?: string
  /** addresses that a person can open: the admin site, the API's documentation */
  links: { title: string; url: string }[]
}
/** The subscription to the fleet's journal. */
export interface JournalStatus {
  state: 'none' | 'connecting' | 'up' | 'down'
  why?: string
  hops: number
}
export interface SeedStatus {
  state: 'none' | 'waiting' | 'running' | 'done' | 'failed'
  steps: { step: string; ok: boolean; message?: string; at: string }[]
  tenants: SeededTenant[]
}
export interface SeededTenant {
  id: string
  name: string
  /** messaging platform (connector id), and the account there */
  platform: string
  account: string
  /** integration id at the desk, once the fleet has made it */
  desk?: string
}

/** One HTTP exchange between a simulator and the fleet, without bodies. */
export interface Exchange {
  seq: number
  simulator: string
  /** `request`: the fleet asked; `webhook`: the simulator told */
  direction: 'request' | 'webhook'
  operation: string
  account?: string
  guest?: string
  /** 0: no answer (reset, refused, timed out) */
  status: number
  ms: number
  attempt?: number
  /** id of the fault that spoiled it */
  fault?: string
  why?: string
  at: string
}
