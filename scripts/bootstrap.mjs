import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * From a fresh clone to Node 24: plain JavaScript for Node 20 or later, without a dependency. Installs what the lock file names (once), then runs `script` with the
 * Node.js that the `node` package brings.
 */
const root = join(import.meta.dirname, '..')
const marker = join(root, 'node_modules', '.installed')
const maxTries = 3

export function runWithNode24(script, args) {
  const [major] = process.versions.node.split('.').map(Number)
  if (major < 20) fail(`Node.js 20 or later is needed, this is ${process.versions.node}`)
  install()
  const bin = join(root, 'node_modules', '.bin')
  const child = spawn(join(root, 'node_modules', 'node', 'bin', 'node'), ['--disable-warning=ExperimentalWarning', join(root, 'scripts', script), ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` },
  })
  // the child decides what a signal means. A Ctrl-C reaches it from the terminal as well, which does no harm: whoever signals only this process must be heard too
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', error => fail(error.message))
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))
}

function install() {
  const wanted = createHash('sha256')
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json']) wanted.update(readFileSync(join(root, file)))
  const fingerprint = wanted.digest('hex')
  if (existsSync(marker) && readFileSync(marker, 'utf8') === fingerprint) return
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  process.stdout.write(`Installing dependencies with ${packageManager} ...\n`)
  for (let tries = 1; ; tries += 1) {
    const { status, stdout, stderr, error } = spawnSync('npx', ['--yes', packageManager, 'install', '--frozen-lockfile'], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, CI: 'true' },
      shell: process.platform === 'win32',
    })
    if (status === 0) break
    if (tries < maxTries) continue
    fail(`The dependencies could not be installed.\n${error?.message ?? ''}${stdout ?? ''}${stderr ?? ''}`)
  }
  writeFileSync(marker, fingerprint)
}

function fail(message) {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}
