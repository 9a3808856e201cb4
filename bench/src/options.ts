import { parseArgs } from 'node:util'
import type { PageCache } from './system/image.ts'

export const help = `pnpm bench WHAT [options]: measures the relay on this machine. Results are written to bench/results/WHAT.json.

  relay        throughput, latency, CPU per message and memory, beside a bare pipeline, in turn in one run
  memory       start and idle memory of each service inside the published limits; memory over a soak
  guide        the guide's own load test, inside its limits
  scale        cost per message by tenants, known guests and replicas
  isolation    one tenant whose platform hangs: what the others notice
  profile      where the time goes
  all          relay, memory, guide, scale and isolation
  render       writes the tables of docs/benchmarks.md from the results

  --quick              under a minute: a smoke test, no figures to quote
  --rounds N           relay: rounds of each load (5)
  --seconds N          relay, scale, profile: length of one load
  --tenants N          tenants (relay 500, memory 200, guide 100, isolation 100, profile 200)
  --in-flight N        relay, profile: messages under way in the closed loop (128)
  --minutes N          memory: length of the soak (30; 0: none); isolation: of each of its three parts (2)
  --rate N             messages per second (relay 100, memory 200, scale 25, isolation 100)
  --services a,b       memory: only these
  --memory N           guide: MiB of every service instead of 64; relay, profile: the container's MiB for which V8's flags are meant (256)
  --cpu-factor N       guide: so many times the guide's CPU
  --texts N            guide: texts (10000)
  --images N           guide: images (1000)
  --page-cache WHO     memory, guide: own (default: a container is charged for the pages of Node's program) or shared (it is not the first of its image)
  --search             guide: larger limits, step by step, until the test passes
  --out FOLDER         where results go (bench/results)
`

const names = ['relay', 'memory', 'guide', 'scale', 'isolation', 'profile', 'all', 'render'] as const
export type What = (typeof names)[number]

export interface BenchSettings {
  what: What
  quick: boolean
  search: boolean
  pageCache: PageCache | undefined
  out: string | undefined
  services: string[] | undefined
  numbers: Partial<Record<NumberOption, number>>
}
const numberOptions = ['rounds', 'seconds', 'tenants', 'in-flight', 'minutes', 'rate', 'memory', 'cpu-factor', 'texts', 'images'] as const
export type NumberOption = (typeof numberOptions)[number]

/** Throws an Error that says what is wrong. */
export function readOptions(args: readonly string[]): BenchSettings | 'help' {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      help: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      search: { type: 'boolean', default: false },
      'page-cache': { type: 'string' },
      out: { type: 'string' },
      services: { type: 'string' },
      ...Object.fromEntries(numberOptions.map(name => [name, { type: 'string' } as const])),
    },
  })
  if (values.help || positionals.length === 0) return 'help'
  const [what, ...others] = positionals
  const known = names.find(name => name === what)
  if (known === undefined || others.length > 0) throw new Error(`say one of ${names.join(', ')}, not "${positionals.join(' ')}"`)
  const given: Record<string, unknown> = values
  const numbers: BenchSettings['numbers'] = {}
  for (const name of numberOptions) {
    const text = given[name]
    if (typeof text !== 'string') continue
    const value = Number(text)
    if (text.trim() === '' || !Number.isFinite(value) || value < 0) throw new Error(`--${name} "${text}" is not a number`)
    numbers[name] = value
  }
  const pageCache = values['page-cache']
  if (pageCache !== undefined && pageCache !== 'own' && pageCache !== 'shared') throw new Error(`--page-cache is own or shared, not "${pageCache}"`)
  return { pageCache, what: known, quick: values.quick, search: values.search, out: values.out, services: values.services?.split(',').filter(Boolean), numbers }
}
