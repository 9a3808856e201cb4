import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { type Request, usage } from './arguments.ts'
import { Failure } from './failure.ts'

/** The configuration file: what need not be typed each time. */
const Defaults = z.strictObject({
  host: z.string().optional(),
  user: z.string().optional(),
  // YAML reads 123456 as a number
  password: z.union([z.string(), z.number().transform(String)]).optional(),
  passphrase: z.union([z.string(), z.number().transform(String)]).optional(),
  ca: z.string().optional(),
  insecure: z.boolean().optional(),
})
type Defaults = z.infer<typeof Defaults>

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  /** reads standard input to its end */
  readInput(): Promise<Buffer>
  /** asks on the terminal without showing the answer; undefined: there is no terminal */
  ask?: ((question: string) => Promise<string>) | undefined
  warn(line: string): void
}
export interface Settings {
  readonly url: URL
  readonly user: string
  readonly password: string
  readonly passphrase: string | undefined
  readonly ca: string | undefined
  readonly insecure: boolean
  readonly timeoutMilliseconds: number
}

/** What counts: the command line, then the environment, then the configuration file. Throws Failure. */
export async function settle(request: Request, around: Surroundings): Promise<Settings> {
  const { values, flags } = request
  const defaults = readDefaults(values.config, around)
  const host = values.host ?? around.env.GUM_HOST ?? defaults.host
  if (host === undefined) throw usage('--host is missing')
  const user = values.user ?? around.env.GUM_USER ?? defaults.user ?? 'admin'
  const ca = values.ca ?? defaults.ca
  return {
    url: apiUrl(host),
    user,
    password: await passwordOf(request, defaults, around, `Password of ${user} at ${host}: `),
    passphrase: values.passphrase ?? lineOf(values['passphrase-file'], '--passphrase-file') ?? nonEmpty(around.env.GUM_PASSPHRASE) ?? defaults.passphrase,
    ca: ca === undefined ? undefined : readText(ca, '--ca'),
    insecure: flags.insecure || (defaults.insecure ?? false),
    timeoutMilliseconds: timeoutOf(values.timeout) * 1000,
  }
}

async function passwordOf(request: Request, defaults: Defaults, around: Surroundings, question: string): Promise<string> {
  const { values, flags, command } = request
  if (flags['password-stdin']) {
    if (command === 'restore' && values.input === undefined) throw usage('--password-stdin needs --input: standard input cannot be both')
    return firstLine((await around.readInput()).toString('utf8'))
  }
  const given = values.password ?? lineOf(values['password-file'], '--password-file') ?? nonEmpty(around.env.GUM_PASSWORD) ?? defaults.password
  if (given !== undefined) return given
  if (around.ask === undefined) throw usage('the password is missing: give --password-file, GUM_PASSWORD, or --password')
  return around.ask(question)
}

function readDefaults(path: string | undefined, { env, warn }: Surroundings): Defaults {
  const home = env.HOME ?? env.USERPROFILE
  const usual = home === undefined ? [] : [join(home, '.config/gum-cli/config'), join(home, '.gum-cli')]
  const file = path ?? usual.find(isFile)
  if (file === undefined) return {}
  let read: unknown
  try {
    read = parse(readText(file, '--config'))
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure('usage', `${file} is not YAML`, error)
  }
  const defaults = Defaults.safeParse(read ?? {})
  if (!defaults.success) {
    const [issue] = defaults.error.issues
    const what = issue?.code === 'unrecognized_keys' ? `"${issue.keys[0]}" is not known` : `"${issue?.path.join('.') ?? ''}" is not right`
    throw new Failure('usage', `${file}: ${what}; it may hold host, user, password, passphrase, ca and insecure`)
  }
  const holdsSecret = defaults.data.password !== undefined || defaults.data.passphrase !== undefined
  if (holdsSecret && process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0)
    warn(`others may read ${file}, which holds a password: chmod 600 "${file}"`)
  return defaults.data
}
function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}

/** `acme.com`, `acme.com:8443`, or a URL. */
export function apiUrl(host: string): URL {
  const text = /^[a-z]+:\/\//i.test(host) ? host : `https://${host}`
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.username !== '') throw usage(`"${host}" is not a host, host:port or URL`)
  url.pathname = `${url.pathname.replace(/\/+$/, '').replace(/\/api\/v1$/, '')}/api/v1/`
  url.search = ''
  url.hash = ''
  return url
}

function timeoutOf(text: string | undefined): number {
  if (text === undefined) return 120
  const seconds = Number(text)
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 3600) throw usage('--timeout is a number of seconds from 1 to 3600')
  return seconds
}
function lineOf(path: string | undefined, option: string): string | undefined {
  return path === undefined ? undefined : firstLine(readText(path, option))
}
function readText(path: string, option: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new Failure('usage', `${option}: ${path} cannot be read`, error)
  }
}
function firstLine(text: string): string {
  return text.split(/\r?\n/, 1)[0] ?? ''
}
function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text
}
