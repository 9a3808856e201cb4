import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'

export const help = `npm start: the whole fleet on this machine, with RabbitMQ and a Redis per service, behind one gateway, and the Lab beside it.

  npm start -- [options]

  --no-lab                 without the simulators and their page
  --services a,b           only these services
  --replicas service=n     so many processes of a service; may be repeated
  --keep                   keeps the data in .dev/data, and goes on with them the next time
  --help                   this text

Environment: PORT (gateway, 8080), LAB_PORT (8090), HOST (address of the gateway, 127.0.0.1), ADMIN_PASSWORD (generated and printed when it is not given),
PUBLIC_URL (where platforms reach the gateway; its own address), LOG_LEVEL, ALLOWED_PRIVATE_HOSTS, NOTIFIER_ALLOW_ANY_HOST
`

export interface StartSettings {
  host: string
  port: number | undefined
  labPort: number | undefined
  withLab: boolean
  keep: boolean
  services: string[] | undefined
  replicas: Record<string, number>
  adminPassword: string | undefined
  /** passed on to the services */
  env: Record<string, string>
}
const passedOn = ['PUBLIC_URL', 'LOG_LEVEL', 'LOG_FLUSH_FREQUENCY', 'ALLOWED_PRIVATE_HOSTS', 'NOTIFIER_ALLOW_ANY_HOST'] as const

/** Throws an Error that says which option is wrong. */
export function readOptions(args: string[], environment: NodeJS.ProcessEnv): StartSettings | 'help' {
  const { values } = parseArgs({
    args,
    options: {
      help: { type: 'boolean', default: false },
      lab: { type: 'boolean', default: true },
      keep: { type: 'boolean', default: false },
      services: { type: 'string' },
      replicas: { type: 'string', multiple: true, default: [] },
    },
    allowNegative: true,
  })
  if (values.help) return 'help'
  const given = passedOn.flatMap(name => {
    const value = environment[name]
    return value === undefined || value === '' ? [] : [[name, value] as const]
  })
  return {
    host: environment.HOST ?? '127.0.0.1',
    port: portOf('PORT', environment.PORT),
    labPort: portOf('LAB_PORT', environment.LAB_PORT),
    withLab: values.lab,
    keep: values.keep,
    services: values.services?.split(',').filter(name => name !== ''),
    replicas: Object.fromEntries(values.replicas.map(replicaCount)),
    adminPassword: environment.ADMIN_PASSWORD === '' ? undefined : environment.ADMIN_PASSWORD,
    env: Object.fromEntries(given),
  }
}

function portOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`${name}="${text}" is not a port number`)
  return port
}
function replicaCount(text: string): [string, number] {
  const match = /^([a-z][a-z0-9-]*)=(\d{1,2})$/.exec(text)
  if (match?.[1] === undefined || Number(match[2]) < 1) throw new Error(`--replicas ${text}: say it like telegram-connector=3`)
  return [match[1], Number(match[2])]
}

const consonants = 'bcdfghjkmnpqrstvwxz'
const vowels = 'aeiou'
/** Four words that can be typed from a screen, about 70 bits. */
export function strongPassword(): string {
  const pick = (letters: string) => letters.charAt(randomInt(letters.length))
  const word = () => pick(consonants) + pick(vowels) + pick(consonants) + pick(vowels) + pick(consonants)
  return [word(), word(), word(), word(), String(randomInt(10, 100))].join('-')
}
