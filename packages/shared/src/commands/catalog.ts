import { z } from 'zod'
import { KeptEntry } from '../backup/kept-entry.ts'
import type { Failure } from '../contract/index.ts'

/** A failure as it travels: the kinds of `Failure`, with what the asking side may tell people. */
const CommandFailure = z.object({
  kind: z.enum(['retryable', 'rateLimited', 'recipient', 'content', 'subscription', 'unauthorized', 'alternative', 'moved']),
  why: z.string(),
  afterSeconds: z.number().optional(),
})
/** How an effect of a connector ended. unsupported: the connector has no such effect. unknownTenant: it has not heard of this tenant (yet). */
export const EffectOutcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done') }),
  z.object({ kind: z.literal('unsupported') }),
  z.object({ kind: z.literal('unknownTenant') }),
  z.object({ kind: z.literal('failed'), failure: CommandFailure }),
])
export type EffectOutcome = z.infer<typeof EffectOutcome>
export function failedOutcome(failure: Failure): EffectOutcome {
  return {
    kind: 'failed',
    failure: {
      kind: failure.kind,
      why: failure.why,
      ...('afterSeconds' in failure && failure.afterSeconds !== undefined ? { afterSeconds: failure.afterSeconds } : {}),
    },
  }
}

/** Everything that `api` may ask a service to do, with what goes there and what comes back. */
export const commands = {
  /** hands a guest over to another account of the platform */
  switchUser: { input: z.object({ tenantId: z.string(), guest: z.string(), to: z.string().optional() }), result: EffectOutcome },
  /** do these settings work? They need not be saved; `tenantId`: whose they are, or will be. */
  checkSettings: {
    input: z.object({ tenantId: z.string().optional(), name: z.string(), settings: z.record(z.string(), z.unknown()) }),
    result: EffectOutcome,
  },
  /** what the service keeps for these tenants and nobody else could give back. `rest`: those that did not fit into the answer. */
  readKept: { input: z.object({ ids: z.array(z.string()) }), result: z.object({ entries: z.array(KeptEntry), rest: z.array(z.string()) }) },
  /** gives it back: what the service has of its own stays */
  writeKept: { input: z.object({ entries: z.array(KeptEntry) }), result: z.object({ filled: z.array(z.string()) }) },
} as const
export type CommandName = keyof typeof commands
export type CommandInput<N extends CommandName> = z.infer<(typeof commands)[N]['input']>
export type CommandResult<N extends CommandName> = z.infer<(typeof commands)[N]['result']>
/** What a service can do when it is asked. A handler that throws has failed: the asking side is told so, without the reason. */
export type CommandHandlers = { readonly [N in CommandName]?: (input: CommandInput<N>) => Promise<CommandResult<N>> }
