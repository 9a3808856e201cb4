import type { GuideBench } from '../commands/guide.ts'
import type { IsolationBench } from '../commands/isolation.ts'
import type { MemoryBench } from '../commands/memory.ts'
import type { RelayBench } from '../commands/relay.ts'
import type { ScaleBench } from '../commands/scale.ts'
import type { Machine } from './machine.ts'
import { figure, mebibytes, table, withSpread } from './table.ts'

export type AnyBench = RelayBench | MemoryBench | GuideBench | ScaleBench | IsolationBench

export function tablesOf(result: AnyBench): string {
  switch (result.what) {
    case 'relay':
      return relayTables(result)
    case 'memory':
      return memoryTables(result)
    case 'guide':
      return guideTables(result)
    case 'scale':
      return scaleTables(result)
    case 'isolation':
      return isolationTables(result)
  }
}

function where({ cpu, cores, memoryGiB, kernel, node, revision, at, loadBefore }: Machine): string {
  return `${at.slice(0, 10)}, revision ${revision}, Node ${node}, ${cores} × ${cpu}, ${memoryGiB} GiB, Linux ${kernel}, load before ${figure(loadBefore, 2)}.`
}

function relayTables({ machine, options, loads, halfRate, peaks }: RelayBench): string {
  const name = (load: string): string => (load === 'open half' ? `open, half load (${halfRate}/s)` : load.replace(/^(closed|open) /, '$1, '))
  const flows = Object.entries(loads).flatMap(([load, systems]) =>
    Object.entries(systems).map(([system, measured]) => [
      `${name(load)}: ${system}`,
      withSpread(measured.throughput, 0),
      ...[measured.p50, measured.p95, measured.p99].map(each => withSpread(each)),
      String(measured.lost + measured.doubled),
    ]),
  )
  const ratios = Object.entries(loads).flatMap(([load, { relay, bare }]) =>
    relay === undefined || bare === undefined
      ? []
      : [
          [
            name(load),
            figure(relay.throughput.median / bare.throughput.median, 2),
            figure(relay.p50.median - bare.p50.median),
            figure(relay.p99.median - bare.p99.median),
          ],
        ],
  )
  const cpu = Object.entries(loads).flatMap(([load, systems]) =>
    Object.entries(systems).map(([system, measured]) => [
      `${name(load)}: ${system}`,
      ...['telegram', 'gcloudcx', 'rabbitmq', 'redis'].map(part =>
        figure(
          Object.entries(measured.cpu)
            .filter(([process]) => (part === 'redis' ? process.startsWith('redis') : process.includes(part) && !process.startsWith('redis')))
            .reduce((sum, [, milliseconds]) => sum + milliseconds, 0),
          3,
        ),
      ),
    ]),
  )
  const memory = Object.values(peaks).flatMap(processes => Object.entries(processes).map(([process, kibibytes]) => [process, figure(kibibytes / 1024)]))
  return [
    where(machine),
    `${options.rounds} rounds of ${options.seconds} s each; ${options.inFlight} messages under way in the closed loop; ${options.tenants} tenants with ${options.guestsPerTenant} guests each. V8's flags are those of a container with ${options.memoryMiB} MiB. Medians, with the lowest and the highest round.`,
    table(['load', 'messages/s', 'p50 ms', 'p95 ms', 'p99 ms', 'lost + doubled'], flows),
    table(['relay against bare', 'throughput', 'p50: ms more', 'p99: ms more'], ratios),
    table(['CPU ms per message', 'telegram', 'gcloudcx', 'rabbitmq', 'redis'], cpu),
    table(['highest resident memory', 'MiB'], memory),
  ].join('\n\n')
}

function memoryTables({ machine, pageCache, skipped, starts, soak }: MemoryBench): string {
  const rows = Object.entries(starts).map(([service, { limits, readySeconds, startCpuMilliseconds, idle, died }]) => [
    service,
    `${limits.cpuMillicores}m, ${limits.memoryMiB} MiB`,
    died ? 'not ready' : figure(readySeconds),
    figure(startCpuMilliseconds, 0),
    mebibytes(idle.anonymousBytes),
    mebibytes(idle.fileBytes),
    mebibytes(idle.peakBytes),
    String(idle.limitHits),
    String(idle.oomKills),
  ])
  const started =
    skipped === undefined
      ? table(['service', 'limits', 'ready after s', 'CPU ms of the start', 'idle anonymous MiB', 'idle file MiB', 'peak MiB', 'limit met', 'killed'], rows)
      : `Starts inside limits were skipped: ${skipped}.`
  const charged = `Page cache of Node's program: ${pageCache}.`
  if (soak === null) return [where(machine), charged, started].join('\n\n')
  const slopes = Object.entries(soak.slopes).map(([process, { perUnit, low, high }]) => [
    process,
    figure(perUnit),
    `${figure(low)} to ${figure(high)}`,
    figure((soak.lastAnonymousKiB[process] ?? Number.NaN) / 1024),
    mebibytes(soak.peaks[process]?.peakBytes),
  ])
  return [
    where(machine),
    charged,
    started,
    `Soak: ${soak.rate} messages per second for ${soak.minutes} minutes; ${soak.sent} sent, ${soak.delivered} delivered, ${soak.lost} lost, ${soak.doubled} doubled; p50 ${figure(soak.latency.p50)} ms, p99 ${figure(soak.latency.p99)} ms.`,
    table(['anonymous memory', 'KiB per minute', '95 % interval', 'MiB at the end', 'peak of the group MiB'], slopes),
    `p99 of each minute, ms: ${soak.p99PerMinute.map(value => figure(value, 0)).join(' ')}`,
  ].join('\n\n')
}

function guideTables({ machine, skipped, options, attempts }: GuideBench): string {
  if (skipped !== undefined) return `Skipped: ${skipped}.`
  const loads = attempts.flatMap(({ texts, images, limits, passed, notStarted }) =>
    (
      [
        ['texts', texts],
        ['images', images],
      ] as const
    ).map(([name, load]) => [
      `${name} at ${limits['telegram-connector']?.cpuMillicores}m/${limits['telegram-connector']?.memoryMiB} MiB`,
      figure(load?.sent, 0),
      figure(load?.acceptedSeconds, 0),
      figure(load?.seconds, 0),
      figure(load?.lost, 0),
      figure(load?.doubled, 0),
      passed ? 'yes' : (notStarted ?? 'no'),
    ]),
  )
  const groups = attempts.flatMap(({ groups: usages, limits, deaths }) =>
    Object.entries(usages).map(([service, usage]) => [
      `${service}, ${limits[service]?.cpuMillicores}m/${limits[service]?.memoryMiB} MiB`,
      mebibytes(usage.peakBytes),
      mebibytes(usage.anonymousBytes),
      String(usage.limitHits),
      String(usage.oomKills),
      String(deaths.filter(name => name.startsWith(service)).length),
      figure(usage.cpuMilliseconds / 1000, 0),
    ]),
  )
  return [
    where(machine),
    `${options.texts} texts, then ${options.images} images of ${figure(options.imageBytes / 2 ** 20, 0)} MiB, to ${options.tenants} tenants, over 200 connections. Page cache of Node's program: ${options.pageCache}.`,
    table(['load', 'sent', 'all taken after s', 'all delivered after s', 'lost', 'doubled', 'passed'], loads),
    table(['service, limits', 'peak MiB', 'anonymous at the end MiB', 'limit met', 'killed', 'ended', 'CPU s'], groups),
  ].join('\n\n')
}

function scaleTables({ machine, options, costs, skipped, replicas }: ScaleBench): string {
  const processes = ['telegram-connector', 'gcloudcx-connector', 'rabbitmq']
  const rows = costs.map(({ tenants, guests, p50, p99, perMessage, idle, anonymousKiB, redisBytes }) => [
    `${figure(tenants, 0)} tenants${guests > 0 ? `, ${figure(guests, 0)} known guests` : ''}`,
    ...processes.map(name => figure(perMessage[name], 2)),
    figure((idle['telegram-connector'] ?? 0) + (idle['gcloudcx-connector'] ?? 0)),
    figure(p50),
    figure(p99),
    figure((anonymousKiB['telegram-connector'] ?? 0) / 1024),
    mebibytes(redisBytes['telegram-connector']),
  ])
  const counted = replicas.map(({ replicas: count, throughput, p50, p99, lost, doubled, lanes, perMessage }) => [
    String(count),
    figure(throughput),
    figure(throughput / ((replicas[0]?.throughput ?? 1) * (count / (replicas[0]?.replicas ?? 1))), 2),
    figure(p50, 0),
    figure(p99, 0),
    figure((perMessage['telegram-connector'] ?? 0) + (perMessage['gcloudcx-connector'] ?? 0), 2),
    Object.values(lanes)
      .map(each => each.join(' '))
      .join(' / '),
    String(lost + doubled),
  ])
  return [
    where(machine),
    `${options.rate} messages per second from agents to guests for ${options.seconds} s, a rate that one bot may send, too. The cost of doing nothing, measured before each run, is taken off.`,
    table(['CPU ms per message', ...processes, 'idle CPU ms/s', 'p50 ms', 'p99 ms', 'telegram-connector MiB', 'its Redis MiB'], rows),
    skipped === undefined
      ? table(['replicas of each at 50m', 'messages/s', 'of linear', 'p50 ms', 'p99 ms', 'Node CPU ms per message', 'lanes', 'lost + doubled'], counted)
      : `Replicas were skipped: ${skipped}.`,
  ].join('\n\n')
}

function isolationTables({ machine, options, before, during, after, p99Change }: IsolationBench): string {
  const row = (name: string, { latency, delivered, lost }: IsolationBench['before']): string[] => [
    name,
    String(delivered),
    figure(latency.p50),
    figure(latency.p99),
    figure(latency.max, 0),
    String(lost),
  ]
  return [
    where(machine),
    `${options.rate} messages per second of ${options.tenants} tenants, ${options.minutes} minutes each; the figures are those of the other tenants.`,
    table(
      ['', 'delivered', 'p50 ms', 'p99 ms', 'longest ms', 'lost'],
      [row('all well', before), row('one tenant hangs', during), row('all well again', after)],
    ),
    `Their p99 changes by ${figure(p99Change * 100)} %.`,
  ].join('\n\n')
}
