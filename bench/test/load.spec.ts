import { afterEach, describe, expect, it } from '@jest/globals'
import { Ledger, markOf } from '../src/world/ledger.ts'
import { runLoad, type Targets } from '../src/world/load.ts'
import { type Answer, type Incoming, listen, Pool } from '../src/world/raw-http.ts'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

/** A system that delivers at once whatever its webhook takes. */
async function systemOf(ledger: Ledger, take: (incoming: Incoming, deliver: () => void) => Answer | undefined): Promise<Targets> {
  const server = await listen(incoming => take(incoming, () => ledger.arrived(markOf(incoming.body.toString()) ?? 0)))
  const pools = { telegram: new Pool([server.port], 4), openmessaging: new Pool([server.port], 4) }
  closers.push(
    server.close,
    () => pools.telegram.close(),
    () => pools.openmessaging.close(),
  )
  return pools
}
const ok: Answer = { status: 200, body: '{}' }

describe('a load', () => {
  it('sends each message of a burst once and counts what arrives', async () => {
    const ledger = new Ledger()
    const targets = await systemOf(ledger, (_, deliver) => {
      deliver()
      return ok
    })

    const result = await runLoad({ kind: 'burst', flow: 'both', messages: 50 }, { tenants: 3, guestsPerTenant: 2 }, targets, ledger)

    expect(result).toMatchObject({ sent: 50, accepted: 50, refused: 0, delivered: 50, doubled: 0, lost: 0 })
  })

  it('sends again what a webhook refuses, as platforms do', async () => {
    const ledger = new Ledger()
    let refusals = 2
    const targets = await systemOf(ledger, (_, deliver) => {
      refusals -= 1
      if (refusals >= 0) return { status: 503, body: '{}' }
      deliver()
      return ok
    })

    const result = await runLoad({ kind: 'burst', flow: 'toAgent', messages: 5 }, { tenants: 1, guestsPerTenant: 5 }, targets, ledger)

    expect(result).toMatchObject({ sent: 5, refused: 2, delivered: 5, lost: 0 })
  })

  it('says what was accepted and never came', async () => {
    const ledger = new Ledger()
    let taken = 0
    const targets = await systemOf(ledger, (_, deliver) => {
      taken += 1
      if (taken !== 3) deliver()
      return ok
    })

    const result = await runLoad({ kind: 'burst', flow: 'toGuest', messages: 5, drainSeconds: 0.2 }, { tenants: 1, guestsPerTenant: 5 }, targets, ledger)

    expect(result).toMatchObject({ accepted: 5, delivered: 4, lost: 1 })
  })

  it('counts the time that a stalled system makes due messages wait (coordinated omission)', async () => {
    const ledger = new Ledger()
    const stallMilliseconds = 300
    const started = performance.now()
    const targets = await systemOf(ledger, (_, deliver) => {
      // one thread that is busy with something else for a while
      while (performance.now() - started < stallMilliseconds);
      deliver()
      return ok
    })

    const result = await runLoad({ kind: 'open', flow: 'toAgent', rate: 100, seconds: 0.4 }, { tenants: 1, guestsPerTenant: 9 }, targets, ledger)

    // of 40 messages some 30 were due during the stall: half of them waited for more than half of it
    expect(result.delivered).toBe(40)
    expect(result.latency.p50).toBeGreaterThan(stallMilliseconds / 6)
    expect(result.latency.p95).toBeGreaterThan(stallMilliseconds / 2)
  })

  it('does not wait for a tenant that is excepted, and leaves out its figures', async () => {
    const ledger = new Ledger()
    const targets = await systemOf(ledger, ({ body }, deliver) => {
      if (!body.toString().includes('5000000')) deliver()
      return ok
    })

    const result = await runLoad(
      { kind: 'burst', flow: 'toAgent', messages: 10, except: 0, drainSeconds: 5 },
      { tenants: 2, guestsPerTenant: 5 },
      targets,
      ledger,
    )

    expect(result).toMatchObject({ sent: 10, delivered: 5, lost: 0 })
  })
})
