import { parseArgs } from 'node:util'
import { Failure } from './failure.ts'

/** What was asked for, as it was typed. */
export interface Request {
  readonly command: 'backup' | 'restore' | 'help' | 'version'
  readonly values: Readonly<Partial<Record<TextOption, string>>>
  readonly flags: Readonly<Record<Flag, boolean>>
}
const texts = ['host', 'user', 'password', 'password-file', 'passphrase', 'passphrase-file', 'output', 'input', 'log', 'ca', 'config', 'timeout'] as const
const flags = ['password-stdin', 'insecure', 'partial', 'dry-run', 'help', 'version'] as const
export type TextOption = (typeof texts)[number]
export type Flag = (typeof flags)[number]

const short = { output: 'o', input: 'i', help: 'h' } as const
const options = Object.fromEntries([
  ...texts.map(name => [name, { type: 'string' as const, ...shortOf(name) }]),
  ...flags.map(name => [name, { type: 'boolean' as const, ...shortOf(name) }]),
])
function shortOf(name: string): { short?: string } {
  return name in short ? { short: short[name as keyof typeof short] } : {}
}

/** Options that belong to the other command. */
const foreign = { backup: ['input', 'dry-run'], restore: ['output', 'partial'] } as const

/** Throws Failure (usage). */
export function readArguments(args: readonly string[]): Request {
  const { values, positionals } = parsed(args)
  const given = (name: Flag) => values[name] === true
  const request = (command: Request['command']): Request => ({
    command,
    values: Object.fromEntries(
      texts.flatMap(name => {
        const value = values[name]
        return typeof value === 'string' ? [[name, value]] : []
      }),
    ),
    flags: Object.fromEntries(flags.map(name => [name, given(name)])) as Record<Flag, boolean>,
  })
  const [command, ...more] = positionals
  if (given('help') || command === 'help') return request('help')
  if (given('version')) return request('version')
  if (command === undefined) throw usage('say what to do: backup or restore')
  if (command !== 'backup' && command !== 'restore') throw usage(`there is no command "${command}": it is backup or restore`)
  if (more.length > 0) throw usage(`"${more[0]}" is too much: files are named with ${command === 'backup' ? '--output' : '--input'}`)
  const misplaced = foreign[command].find(name => values[name] !== undefined)
  if (misplaced !== undefined) throw usage(`--${misplaced} does not belong to ${command}`)
  return request(command)
}

function parsed(args: readonly string[]): { values: Partial<Record<TextOption | Flag, unknown>>; positionals: string[] } {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    throw usage(error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error))
  }
}
export function usage(message: string): Failure {
  return new Failure('usage', `${message} (see gum-cli --help)`)
}
