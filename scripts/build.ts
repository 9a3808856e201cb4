import { parseArgs } from 'node:util'
import { type Built, bundle } from './build/bundle.ts'
import { remember, stillFresh } from './build/freshness.ts'
import { chosenTargets, findTargets, type Target } from './build/targets.ts'

const help = `Bundles services, the Lab and pages: one file each, in their dist folders. What has not changed is left alone.

  node scripts/build.ts [--services a,b] [--force] [--quiet]

  --services  only these services or packages
  --force     also what has not changed
  --quiet     says only what went wrong
`
const repository = new URL('..', import.meta.url).pathname

interface Result {
  target: Target
  built: Built
  fresh: boolean
}

async function make(target: Target, force: boolean): Promise<Result> {
  const known = force ? undefined : stillFresh(repository, target)
  if (known !== undefined) return { target, built: known, fresh: true }
  const startedAt = new Date()
  const built = await bundle(repository, target)
  remember(repository, target, built, startedAt)
  return { target, built, fresh: false }
}

function line({ target, built, fresh }: Result): string {
  const kilobytes = `${(built.bytes / 1024).toFixed(0)} KiB`.padStart(10)
  return `${kilobytes}  ${target.name}${fresh ? ' (unchanged)' : ''}`
}

function targetsOrExit(): Target[] {
  try {
    return chosenTargets(findTargets(repository), names)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  }
}

const { values } = parseArgs({
  options: {
    services: { type: 'string', default: '' },
    force: { type: 'boolean', default: false },
    quiet: { type: 'boolean', default: false },
    help: { type: 'boolean' },
  },
})
if (values.help) {
  process.stdout.write(help)
  process.exit(0)
}
const names = values.services.split(',').filter(name => name !== '')
const startedAt = performance.now()
const outcomes = await Promise.allSettled(targetsOrExit().map(target => make(target, values.force)))
for (const outcome of outcomes) {
  if (outcome.status === 'rejected') console.error(outcome.reason instanceof Error ? outcome.reason.message : outcome.reason)
  else if (!values.quiet) console.log(line(outcome.value))
}
if (!values.quiet) console.log(`built in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
if (outcomes.some(({ status }) => status === 'rejected')) process.exit(1)
