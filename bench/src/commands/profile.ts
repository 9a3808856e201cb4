import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRabbit } from '@um/testing'
import { repository } from '@um/testing/repository'
import { type ProfileSummary, summarizeProfile } from '../report/cpu-profile.ts'
import { describeMachine, type Machine } from '../report/machine.ts'
import { roomyMiB } from '../system/image.ts'
import { connectors, startRelay } from '../system/relay.ts'
import { startWorld } from '../system/world.ts'
import type { Flow } from '../world/protocol.ts'

export interface ProfileOptions {
  seconds: number
  tenants: number
  inFlight: number
  flow: Flow
  /** what V8 is tuned for */
  memoryMiB: number
  tell(line: string): void
}
export const usualProfileOptions = { seconds: 20, tenants: 200, inFlight: 128, flow: 'both' as Flow, memoryMiB: roomyMiB }
export interface ProfileBench {
  what: 'profile'
  machine: Machine
  messages: number
  services: Record<string, ProfileSummary>
}

/** Where the time goes: V8's sampling profiles of both connectors under a closed load, by package and by function. */
export async function benchProfile({ seconds, tenants, inFlight, flow, memoryMiB, tell }: ProfileOptions): Promise<ProfileBench> {
  const folder = mkdtempSync(join(tmpdir(), 'um-bench-profile-'))
  const machine = describeMachine()
  let messages = 0
  {
    await using cleanup = new AsyncDisposableStack()
    const broker = await startRabbit()
    cleanup.defer(broker.stop)
    const world = await startWorld({ tenants, guestsPerTenant: 10 })
    cleanup.defer(() => world.stop())
    const relay = await startRelay({ broker, world, tenants, memoryMiB, flags: ['--cpu-prof', `--cpu-prof-dir=${folder}`, '--cpu-prof-interval=500'] })
    cleanup.defer(relay.stop)
    await world.target(relay.ports)
    const result = await world.run({ kind: 'closed', flow, inFlight, seconds })
    messages = result.delivered
    tell(`${result.throughput.toFixed(0)} messages per second while profiled (slower than without)`)
  }
  const services: Record<string, ProfileSummary> = {}
  for (const file of readdirSync(folder)) {
    for (const service of connectors) {
      const summary = summarizeProfile(join(folder, file), join(repository, 'services', service, 'dist/main.mjs'))
      if (summary !== undefined) services[service] = summary
    }
  }
  for (const [service, summary] of Object.entries(services)) {
    tell(`\n${service}: ${(summary.busyMilliseconds / messages).toFixed(2)} ms of CPU per message; profile in ${folder}`)
    for (const { name, share } of summary.packages.slice(0, 16)) tell(`  ${percent(share)} ${name}`)
    tell('  by function, itself:')
    for (const { name, share } of summary.functions.slice(0, 25)) tell(`  ${percent(share)} ${name}`)
    tell('  by function of ours, with what it calls:')
    for (const { name, share } of summary.inclusive.slice(0, 30)) tell(`  ${percent(share)} ${name}`)
  }
  return { what: 'profile', machine, messages, services }
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1).padStart(6)} %`
}
