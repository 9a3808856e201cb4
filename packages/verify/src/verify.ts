import { audit } from './audit/audit.ts'
import { breakages } from './chaos/plan.ts'
import { services, startOwnFleet } from './fleet/own.ts'
import { attach } from './fleet/running.ts'
import type { Subject } from './fleet/subject.ts'
import type { VerifyOptions } from './options.ts'
import { breakdownsOf, type Report } from './report.ts'
import { Run } from './run.ts'

/** Everything: the fleet, the load, the breakages, the wait until all is accounted for, and the audit. */
export async function verify(options: VerifyOptions, tell: (line: string) => void, signal: AbortSignal = new AbortController().signal): Promise<Report> {
  const subject = await subjectOf(options, tell)
  try {
    return await verifySubject(subject, options, tell, signal)
  } finally {
    await subject.close()
  }
}

/** As `verify`, with a fleet that is there already and stays. */
export async function verifySubject(subject: Subject, options: VerifyOptions, tell: (line: string) => void, signal: AbortSignal): Promise<Report> {
  tell(`seed ${options.seed}; ${subject.description}`)
  const run = await Run.prepare(subject, options, tell)
  const plan = breakages({ seed: options.seed, kinds: options.chaos.filter(kind => !subject.spared.includes(kind)), services, replicas: options.replicas })
  const began = performance.now()
  const remarks = await run.toTheEnd(plan, signal)
  const found = audit(run.ledger, run.evidence)
  const incidents = [...subject.incidents()]
  const { running: _, ...kept } = options
  return {
    seed: options.seed,
    subject: subject.description,
    options: kept,
    seconds: (performance.now() - began) / 1000,
    audit: found,
    breakdowns: breakdownsOf(run.evidence.breakdowns),
    incidents,
    remarks,
    clean: found.clean && incidents.length === 0,
  }
}

async function subjectOf(options: VerifyOptions, tell: (line: string) => void): Promise<Subject> {
  if (options.running !== undefined) return attach(options.running, options.tenants)
  tell('starting a fleet ...')
  return startOwnFleet({
    replicas: options.replicas,
    tenants: options.tenants,
    links: options.chaos.length > 0,
    clocks: options.chaos.includes('clock'),
    tell,
    ...(options.logs === undefined ? {} : { logs: options.logs }),
  })
}
