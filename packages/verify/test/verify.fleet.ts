import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { attach } from '../src/fleet/running.ts'
import type { Subject } from '../src/fleet/subject.ts'
import { type Report, readOptions, startOwnFleet, type VerifyOptions, verifySubject } from '../src/index.ts'
import { LabClient } from '../src/lab/client.ts'

const replicas = 2
const heard: string[] = []
let subject: Subject
beforeAll(async () => {
  subject = await startOwnFleet({ replicas, tenants: 4, links: true, clocks: false, tell: line => heard.push(line) })
}, 180_000)
afterAll(async () => {
  await subject?.close()
}, 90_000)

const options = (...args: string[]): VerifyOptions => {
  const read = readOptions(args, () => 1)
  if (read === 'help') throw new Error('help was not asked for')
  return { ...read, replicas }
}
const run = (of: Subject, ...args: string[]): Promise<Report> => verifySubject(of, options(...args), line => heard.push(line), new AbortController().signal)
/** All that it takes to see why. */
const told = (report: Report) => JSON.stringify({ findings: report.audit.findings, incidents: report.incidents, heard }, undefined, 1)

describe('a fleet', () => {
  it('loses, doubles and swaps nothing while it is killed, cut and let down by its platforms', async () => {
    const report = await run(
      subject,
      '--messages',
      '400',
      '--rate',
      '20',
      '--conversations',
      '40',
      '--chaos',
      'kill,cut,platform',
      '--every',
      '2',
      '--seed',
      '41',
    )

    const { toAgent, toGuest } = report.audit.directions
    if (!report.clean) throw new Error(told(report))
    expect(toAgent.sent + toGuest.sent).toBe(400)
    for (const { sent, delivered, inDoubt, inDoubtArrived } of [toAgent, toGuest]) expect(delivered).toBe(sent - (inDoubt - inDoubtArrived))
    for (const kind of ['kill -9', 'cut ', /^(?:telegram|genesys): /])
      expect(report.breakdowns.map(({ what }) => what)).toContainEqual(expect.stringMatching(kind))
  }, 300_000)

  it('is caught when one message gets lost and another is shown twice, whoever did it', async () => {
    const lab = new LabClient(subject.labUrl)
    await lab.addFault({ simulator: 'telegram', kind: 'drop', skip: 10, times: 1, where: { operation: 'message' } })
    // a contact centre that sends one message under two ids: for the fleet these are two
    await lab.addFault({ simulator: 'genesys', kind: 'duplicate', params: { newId: true }, skip: 5, times: 1, where: { operation: 'Text' } })

    const report = await run(subject, '--messages', '60', '--rate', '20', '--media', '0', '--patience', '10')

    expect(report.clean).toBe(false)
    expect(report.audit.directions.toAgent).toMatchObject({ lost: 1, doubled: 0, inverted: 0 })
    expect(report.audit.directions.toGuest).toMatchObject({ lost: 0, doubled: 1, inverted: 0 })
    expect(report.audit.findings.map(({ kind, why }) => `${kind} ${why}`)).toEqual([
      'lost never arrived, and nobody was told',
      expect.stringMatching(/^doubled shown 2 times: /),
    ])
  }, 180_000)

  it('can be verified from outside, too', async () => {
    const outside = await attach({ gatewayUrl: subject.gatewayUrl, labUrl: subject.labUrl }, 0)

    const report = await run(outside, '--messages', '40', '--rate', '20', '--conversations', '8')

    if (!report.clean) throw new Error(told(report))
    expect(outside.tenants.map(({ bot }) => bot).toSorted()).toEqual(subject.tenants.map(({ bot }) => bot).toSorted())
  }, 180_000)
})
