import { join } from 'node:path'
import { provideAll, run } from '@um/testing'
import { repository } from '@um/testing/repository'
import { benchGuide, quickGuideOptions, usualGuideOptions } from './commands/guide.ts'
import { benchIsolation, quickIsolationOptions, usualIsolationOptions } from './commands/isolation.ts'
import { benchMemory, quickMemoryOptions, usualMemoryOptions } from './commands/memory.ts'
import { benchProfile, usualProfileOptions } from './commands/profile.ts'
import { benchRelay, quickRelayOptions, usualRelayOptions } from './commands/relay.ts'
import { benchScale, quickScaleOptions, usualScaleOptions } from './commands/scale.ts'
import { type BenchSettings, help, readOptions, type What } from './options.ts'
import { renderDocument } from './report/render.ts'
import { readResult, resultsFolder, writeResult } from './report/results.ts'
import { type AnyBench, tablesOf } from './report/tables.ts'
import { connectors } from './system/relay.ts'

const tell = (line: string): void => void process.stdout.write(`${line}\n`)

type Bench = (settings: BenchSettings) => Promise<AnyBench | { what: 'profile' }>
const benches: Record<Exclude<What, 'all' | 'render'>, Bench> = {
  relay: ({ quick, numbers }) =>
    benchRelay({
      ...(quick ? quickRelayOptions : usualRelayOptions),
      ...given({
        rounds: numbers.rounds,
        seconds: numbers.seconds,
        tenants: numbers.tenants,
        inFlight: numbers['in-flight'],
        rate: numbers.rate,
        memoryMiB: numbers.memory,
      }),
      tell,
    }),
  memory: ({ quick, numbers, services, pageCache }) =>
    benchMemory({
      ...(quick ? quickMemoryOptions : usualMemoryOptions),
      ...given({ minutes: numbers.minutes, rate: numbers.rate, tenants: numbers.tenants, services, pageCache }),
      tell,
    }),
  guide: ({ quick, numbers, search, pageCache }) =>
    benchGuide({
      ...(quick ? quickGuideOptions : usualGuideOptions),
      ...given({
        tenants: numbers.tenants,
        memoryMiB: numbers.memory,
        cpuFactor: numbers['cpu-factor'],
        texts: numbers.texts,
        images: numbers.images,
        pageCache,
      }),
      search,
      tell,
    }),
  scale: ({ quick, numbers }) =>
    benchScale({ ...(quick ? quickScaleOptions : usualScaleOptions), ...given({ seconds: numbers.seconds, rate: numbers.rate }), tell }),
  isolation: ({ quick, numbers }) =>
    benchIsolation({
      ...(quick ? quickIsolationOptions : usualIsolationOptions),
      ...given({ minutes: numbers.minutes, rate: numbers.rate, tenants: numbers.tenants }),
      tell,
    }),
  profile: ({ quick, numbers }) =>
    benchProfile({
      ...usualProfileOptions,
      ...(quick ? { seconds: 5, tenants: 20 } : {}),
      ...given({ seconds: numbers.seconds, tenants: numbers.tenants, inFlight: numbers['in-flight'], memoryMiB: numbers.memory }),
      tell,
    }),
}

/** Only what the command line says. */
function given<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> }
}

async function begin(settings: BenchSettings): Promise<void> {
  const folder = settings.out ?? resultsFolder
  if (settings.what === 'render') {
    renderDocument(join(repository, 'docs/benchmarks.md'), name => readResult<AnyBench>(folder, name))
    return
  }
  await provideAll(['redis', 'rabbitmq'], tell)
  await run(process.execPath, ['scripts/build.ts', '--quiet', '--services', [...connectors, 'api', 'aws-provider'].join(',')], { cwd: repository })
  const wanted: (keyof typeof benches)[] = settings.what === 'all' ? ['relay', 'memory', 'guide', 'scale', 'isolation'] : [settings.what]
  for (const what of wanted) {
    tell(`\n== ${what}${settings.quick ? ' (quick: not for quoting)' : ''}`)
    const started = performance.now()
    const result = await benches[what](settings)
    const file = writeResult(folder, settings.quick ? `${what}-quick` : what, result)
    if (result.what !== 'profile') tell(`\n${tablesOf(result)}`)
    tell(`\n${what} took ${((performance.now() - started) / 60_000).toFixed(1)} minutes; ${file}`)
  }
}

try {
  const settings = readOptions(process.argv.slice(2))
  if (settings === 'help') process.stdout.write(help)
  else await begin(settings)
  process.exit(0)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  process.exit(1)
}
