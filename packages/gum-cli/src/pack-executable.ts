import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { inject } from 'postject'

const help = `Packs gum-cli into one executable that needs no Node.

  node src/pack-executable.ts [--target linux|macos|windows] [--node FILE] [--output FILE]

  --target  default: the system this runs on
  --node    Node's executable for the target, of the version that runs this script (${process.version}); default: the one that runs this script.
            For another system take it from https://nodejs.org/dist/${process.version}/
  --output  default: dist/gum-cli-<target>, with .exe for Windows

A macOS executable has to be signed before it runs there: this is done with codesign where that exists.
`
/** https://nodejs.org/docs/latest-v24.x/api/single-executable-applications.html */
const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2'
const targets = ['linux', 'macos', 'windows'] as const
type Target = (typeof targets)[number]
const folder = join(import.meta.dirname, '..')

/** The program as one CommonJS file, which is what an executable can hold. */
async function bundleCommonJs(file: string): Promise<void> {
  await build({
    absWorkingDir: folder,
    entryPoints: ['src/main.ts'],
    outfile: file,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    mainFields: ['module', 'main'],
    minifySyntax: true,
    minifyWhitespace: true,
    logLevel: 'error',
  })
}

/** The blob is the same for all systems, because it holds neither a snapshot nor compiled code. */
function makeBlob(work: string): Buffer {
  const config = join(work, 'sea.json')
  const blob = join(work, 'sea.blob')
  writeFileSync(
    config,
    JSON.stringify({ main: join(work, 'main.cjs'), output: blob, disableExperimentalSEAWarning: true, useSnapshot: false, useCodeCache: false }),
  )
  execFileSync(process.execPath, ['--experimental-sea-config', config], { stdio: ['ignore', 'ignore', 'inherit'] })
  return readFileSync(blob)
}

async function pack(target: Target, node: string, output: string): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'gum-cli-'))
  try {
    await bundleCommonJs(join(work, 'main.cjs'))
    const blob = makeBlob(work)
    mkdirSync(join(output, '..'), { recursive: true })
    copyFileSync(node, output)
    chmodSync(output, 0o755)
    if (target === 'macos') codesign('--remove-signature', output)
    await inject(output, 'NODE_SEA_BLOB', blob, { sentinelFuse: fuse, ...(target === 'macos' ? { machoSegmentName: 'NODE_SEA' } : {}) })
    if (target === 'macos') codesign('--sign', '-', output)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

function codesign(...args: string[]): void {
  try {
    execFileSync('codesign', args, { stdio: ['ignore', 'ignore', 'inherit'] })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    if (args[0] === '--sign') process.stderr.write(`codesign is not here: run "codesign ${args.join(' ')}" on a Mac before it can run\n`)
  }
}

function own(): Target {
  if (process.platform === 'darwin') return 'macos'
  return process.platform === 'win32' ? 'windows' : 'linux'
}

const { values } = parseArgs({
  options: { target: { type: 'string', default: own() }, node: { type: 'string' }, output: { type: 'string' }, help: { type: 'boolean' } },
})
const target = targets.find(name => name === values.target)
if (values.help) {
  process.stdout.write(help)
} else if (target === undefined) {
  process.stderr.write(`${values.target} is not one of ${targets.join(', ')}\n`)
  process.exitCode = 2
} else if (target !== own() && values.node === undefined) {
  process.stderr.write(`for ${target}, name Node's executable for it with --node (see --help)\n`)
  process.exitCode = 2
} else {
  const output = resolve(values.output ?? join(folder, 'dist', `gum-cli-${target}${target === 'windows' ? '.exe' : ''}`))
  await pack(target, values.node ?? process.execPath, output)
  process.stdout.write(`${output}\n`)
}
