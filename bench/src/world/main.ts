import { Ledger } from './ledger.ts'
import { type Population, runLoad, type Targets } from './load.ts'
import { type Platforms, startPlatforms } from './platforms.ts'
import type { Reply, Request, WorldCalls } from './protocol.ts'
import { Pool } from './raw-http.ts'

/** The world around the system under test, in one process so that one clock times a message from its sending to its arrival. */
const ledger = new Ledger()
let platforms: Platforms | undefined
let population: Population = { tenants: 1, guestsPerTenant: 1 }
let targets: Targets | undefined

const calls: { [Name in keyof WorldCalls]: (argument: never) => ReturnType<WorldCalls[Name]> | Promise<ReturnType<WorldCalls[Name]>> } = {
  start: async (options: Population) => {
    population = options
    platforms = await startPlatforms(ledger)
    const { telegramPort, genesysPort, s3Port } = platforms
    return { telegramPort, genesysPort, s3Port }
  },
  target: ({ telegram, openmessaging, connections = 128 }: Parameters<WorldCalls['target']>[0]) => {
    targets?.telegram.close()
    targets?.openmessaging.close()
    targets = { telegram: new Pool(telegram, connections), openmessaging: new Pool(openmessaging, connections) }
  },
  run: load => {
    if (targets === undefined) throw new Error('nobody takes the webhooks')
    return runLoad(load, population, targets, ledger)
  },
  hang: (tenant: number | null) => platforms?.hang(tenant),
  cpuMilliseconds: () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  },
}

process.on('message', ({ id, name, argument }: Request) => {
  const reply = (answer: Omit<Reply, 'id'>): void => void process.send?.({ id, ...answer })
  Promise.resolve()
    .then(() => calls[name](argument as never))
    .then(
      result => reply({ result }),
      (error: unknown) => reply({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    )
})
process.on('disconnect', () => process.exit())
