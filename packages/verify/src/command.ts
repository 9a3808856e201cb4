import { randomInt } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { readOptions, UsageError, usage, type VerifyOptions } from './options.ts'
import { printed } from './report.ts'
import { verify } from './verify.ts'

function optionsOrExit(): VerifyOptions {
  try {
    const options = readOptions(process.argv.slice(2), () => randomInt(2 ** 31))
    if (options !== 'help') return options
    process.stdout.write(usage)
    process.exit(0)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    process.stderr.write(`${error.message}\n\n${usage}`)
    process.exit(2)
  }
}

const options = optionsOrExit()
const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort())
try {
  const report = await verify(options, line => process.stdout.write(`${line}\n`), interrupted.signal)
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report, undefined, 2)}\n`)
  process.stdout.write(`${printed(report)}\n`)
  process.exit(report.clean ? 0 : 1)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  process.exit(2)
}
