import { closeSync, openSync, readFileSync } from 'node:fs'
import { createLogger, type Logger } from '@um/shared/log'
import { version } from '@um/shared/version'
import { Api } from './api.ts'
import { type Request, readArguments, usage } from './arguments.ts'
import { backUp } from './backup.ts'
import { type Settings, type Surroundings, settle } from './configuration.ts'
import { Failure } from './failure.ts'
import { help } from './help.ts'
import { backupOf, restore } from './restore.ts'
import { askSecret, type Status, statusOn } from './terminal.ts'

/** Runs the program; answers its exit code. What it has to say goes to standard error, so that a backup may go to standard output. */
export async function run(args: readonly string[]): Promise<number> {
  const status = statusOn(process.stderr)
  const say = (line: string): void => {
    status.clear()
    process.stderr.write(`gum-cli: ${line}\n`)
  }
  let log: Logger | undefined
  try {
    const request = readArguments(args)
    if (request.command === 'help') return print(help)
    if (request.command === 'version') return print(`${version}\n`)
    log = openLog(request.values.log)
    const told = await perform(request, { log, status, say })
    log.info({ command: request.command }, told)
    say(told)
    return 0
  } catch (error) {
    const known = error instanceof Failure
    const message = known ? error.message : `an unforeseen error: ${error instanceof Error ? error.message : String(error)}`
    log?.error({ err: error }, message)
    say(message)
    return known ? error.exitCode : 1
  }
}

async function perform(request: Request, { log, status, say }: { log: Logger; status: Status; say: (line: string) => void }): Promise<string> {
  const around: Surroundings = { env: process.env, readInput, ask: process.stdin.isTTY ? askSecret : undefined, warn: line => say(`warning: ${line}`) }
  // a file that is no backup is told before anybody is asked for a password
  const file = request.command === 'restore' ? await backupOf(await inputOf(request)) : undefined
  const settings = await settle(request, around)
  const passphrase = file === undefined || file.encryption === null ? settings.passphrase : await passphraseFor(settings, around)
  log.info({ command: request.command, host: settings.url.host, user: settings.user, encrypted: passphrase !== undefined }, 'begins')
  const api = new Api(settings, log)
  try {
    status.show(`logging in at ${settings.url.host} ...`)
    await api.logIn()
    if (file !== undefined) return await restore(api, { file, passphrase, dryRun: request.flags['dry-run'], status })
    if (passphrase === undefined) say('warning: the backup holds the secrets of all tenants in the clear; --passphrase-file encrypts it')
    return await backUp(api, { passphrase, partial: request.flags.partial, output: request.values.output, print: printAll, status })
  } finally {
    await api.logOut()
  }
}

async function passphraseFor(settings: Settings, { ask }: Surroundings): Promise<string> {
  const passphrase = settings.passphrase ?? (await ask?.('Passphrase of the backup: '))
  if (passphrase !== undefined) return passphrase
  throw new Failure('backup', 'The backup is encrypted: give --passphrase-file, GUM_PASSPHRASE, or --passphrase.')
}

async function inputOf({ values }: Request): Promise<Buffer> {
  const { input } = values
  if (input === undefined) {
    if (process.stdin.isTTY) throw usage('name the backup with --input, or send it to standard input')
    return readInput()
  }
  try {
    return readFileSync(input)
  } catch (error) {
    throw new Failure('failed', `${input} cannot be read`, error)
  }
}
async function readInput(): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** In bunyan's form; without a file nothing is logged. */
function openLog(path: string | undefined): Logger {
  const level = process.env.DEBUG ? 'debug' : 'info'
  if (path === undefined) return createLogger({ name: 'gum-cli', level: 'silent', flushMilliseconds: 0 })
  try {
    // the logger opens it by itself, but tells of a failure only later
    closeSync(openSync(path, 'a', 0o600))
  } catch (error) {
    throw new Failure('usage', `--log: ${path} cannot be written`, error)
  }
  return createLogger({ name: 'gum-cli', level, flushMilliseconds: 0, destination: path })
}

function print(text: string): number {
  process.stdout.write(text)
  return 0
}
/** A reader that goes away (`| head`) is not our failure to tell, but the backup is not saved. */
function printAll(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.once('error', error => reject(new Failure('failed', 'standard output was closed before all of the backup was written', error)))
    process.stdout.write(text, error => (error ? reject(error) : resolve()))
  })
}
