import { parseArgs } from 'node:util'
import { type ChaosKind, chaosKinds, labChaosKinds } from './chaos/kinds.ts'

export interface VerifyOptions {
  messages: number
  conversations: number
  tenants: number
  replicas: number
  /** messages per second, both directions together */
  rate: number
  seed: number
  chaos: readonly ChaosKind[]
  everySeconds: number
  /** share of messages with a photo, 0 to 1 */
  media: number
  /** without anything new for so long the rest counts as lost */
  patienceSeconds: number
  /** the report as JSON */
  json?: string
  /** logs of the fleet that this run starts */
  logs?: string
  /** a fleet that runs already, instead of one of our own */
  running?: { gatewayUrl: string; labUrl: string; admin?: { user: string; password: string } }
}

export const usage = `pnpm verify: sends known messages both ways, breaks what it is told to, and accounts for every one of them.

  --messages N         how many, both ways together (1000)
  --conversations N    guests (messages / 40, at most 500)
  --rate N             messages a second, both ways together (40; 100 beyond 2000 messages)
  --minutes M          a soak: as many messages as M minutes at this rate take
  --media P            share of messages with a photo (0.02)
  --tenants N          tenants, each with a bot and an OAuth client of its own (as many as the rate needs)
  --seed S             repeats a run's load and breakages
  --chaos [kinds]      what to break: ${chaosKinds.join(',')} (all)
  --every S            seconds between two breakages (3)
  --patience S         without any progress for so long the rest is lost (120)
  --json FILE          writes the report there, too

A fleet of its own (default):
  --replicas N         of each service (3)
  --logs FOLDER        keeps the logs of the services

A fleet that runs already, with the Lab; of the kinds: ${labChaosKinds.join(',')}
  --gateway URL        its public address
  --lab URL            its Lab
  --user U, --password P   makes tenants for the run and removes them; without: the tenants whose bots the Lab knows
`

export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** A Genesys Cloud client takes 280 calls a minute from us: three a second and a quarter of room. */
const perTenantToAgents = 3.5

export function readOptions(args: readonly string[], freshSeed: () => number): VerifyOptions | 'help' {
  const values = parse(args)
  if (values.help === true) return 'help'
  const minutes = number(values.minutes, 'minutes', { min: 0.1 })
  const wanted = number(values.messages, 'messages', { min: 1, whole: true })
  const rate = number(values.rate, 'rate', { min: 0.1, max: 2000 }) ?? ((wanted ?? 1000) > 2000 ? 100 : 40)
  const messages = wanted ?? (minutes === undefined ? 1000 : Math.round(minutes * 60 * rate))
  // a chat takes one answer a second, half of all messages are answers, and chance is not even
  const conversations = number(values.conversations, 'conversations', { min: 1, max: 900, whole: true }) ?? clamp(Math.max(messages / 40, rate * 1.5), 10, 500)
  const running = runningFleet(values)
  const chaos = readChaos(values.chaos, running === undefined ? chaosKinds : labChaosKinds)
  return {
    messages,
    conversations: Math.min(conversations, messages),
    tenants: number(values.tenants, 'tenants', { min: 1, max: 200, whole: true }) ?? clamp(rate / 2 / perTenantToAgents, 2, 60),
    replicas: number(values.replicas, 'replicas', { min: 1, max: 8, whole: true }) ?? 3,
    rate,
    seed: number(values.seed, 'seed', { min: 0, max: 2 ** 32 - 1, whole: true }) ?? freshSeed(),
    chaos,
    everySeconds: number(values.every, 'every', { min: 0.2 }) ?? 3,
    media: number(values.media, 'media', { min: 0, max: 1 }) ?? 0.02,
    patienceSeconds: number(values.patience, 'patience', { min: 1 }) ?? 120,
    ...(values.json === undefined ? {} : { json: values.json }),
    ...(values.logs === undefined ? {} : { logs: values.logs }),
    ...(running === undefined ? {} : { running }),
  }
}

const text = { type: 'string' } as const
const known = {
  messages: text,
  conversations: text,
  tenants: text,
  replicas: text,
  rate: text,
  minutes: text,
  seed: text,
  chaos: text,
  every: text,
  media: text,
  patience: text,
  json: text,
  logs: text,
  gateway: text,
  lab: text,
  user: text,
  password: text,
  help: { type: 'boolean', short: 'h' },
} as const
type Values = Partial<Record<Exclude<keyof typeof known, 'help'>, string>> & { help?: boolean }

function parse(args: readonly string[]): Values {
  try {
    return { ...parseArgs({ args: withAllKinds(args), options: known, strict: true, allowPositionals: false }).values }
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/** `--chaos` alone means every kind; `--` is what pnpm leaves of its own. */
function withAllKinds(args: readonly string[]): string[] {
  const own = args[0] === '--' ? args.slice(1) : args
  return own.map((each, index) => (each === '--chaos' && (own[index + 1] ?? '--').startsWith('--') ? '--chaos=all' : each))
}

function readChaos(value: string | undefined, possible: readonly ChaosKind[]): ChaosKind[] {
  if (value === undefined) return []
  if (value === 'all') return [...possible]
  return [...new Set(value.split(',').map(each => each.trim()))].map(each => {
    const found = possible.find(kind => kind === each)
    if (found === undefined) throw new UsageError(`--chaos ${each}: choose from ${possible.join(', ')}`)
    return found
  })
}

function runningFleet({ gateway, lab, user, password, replicas, logs }: Values): VerifyOptions['running'] {
  if (gateway === undefined && lab === undefined) return undefined
  if (gateway === undefined || lab === undefined) throw new UsageError('--gateway and --lab belong together')
  if (replicas !== undefined || logs !== undefined) throw new UsageError('--replicas and --logs are for a fleet that this run starts')
  if ((user === undefined) !== (password === undefined)) throw new UsageError('--user and --password belong together')
  for (const url of [gateway, lab]) if (!URL.canParse(url)) throw new UsageError(`${url} is not a URL`)
  return {
    gatewayUrl: gateway.replace(/\/+$/, ''),
    labUrl: lab.replace(/\/+$/, ''),
    ...(user === undefined || password === undefined ? {} : { admin: { user, password } }),
  }
}

function number(
  value: string | undefined,
  name: string,
  { min, max = Number.MAX_SAFE_INTEGER, whole = false }: { min: number; max?: number; whole?: boolean },
) {
  if (value === undefined) return undefined
  const read = Number(value)
  if (value.trim() === '' || !Number.isFinite(read) || read < min || read > max || (whole && !Number.isInteger(read))) {
    throw new UsageError(`--${name} ${value}: a ${whole ? 'whole ' : ''}number from ${min}${max === Number.MAX_SAFE_INTEGER ? '' : ` to ${max}`}`)
  }
  return read
}
function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, Math.ceil(value)))
}
