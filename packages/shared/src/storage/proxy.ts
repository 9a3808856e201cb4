import { AgentPool, type Agents } from '../http/agents.ts'
import { AllowList } from '../http/private-addresses.ts'

const noExceptions = new AllowList([])
const pools = new Map<string | undefined, AgentPool>()

/** Connection pools towards an address that an administrator configured, through the deployment's outbound proxy if there is one. */
export function agentsFor(url: string, proxy: string | undefined): Agents {
  let pool = pools.get(proxy)
  if (pool === undefined) {
    pool = new AgentPool(noExceptions, () => proxy ?? null)
    pools.set(proxy, pool)
  }
  return pool.forConfigured(url)
}
