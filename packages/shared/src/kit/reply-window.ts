import type { Context, InboundEvent, Job, Outgoing, SentFacts } from '../contract/index.ts'

export interface WindowRules {
  /** how long after the guest's last word an answer costs nothing */
  freeSeconds: number
  /** how long after it the platform takes any */
  openSeconds: number
  /** what the agent is told */
  notice(until: Date): string
}
const agenda = 'windows'
const keyOf = (guest: string): string => `interaction:${guest}`

/**
 * Platforms at which answers cost, or are not taken, once the guest has been silent for some time. The agent whose message is the first to cost is told so, once for each
 * silence. The connector's events tell of the guest's last word by `address.interaction`, in milliseconds since 1970.
 */
export function replyWindow<V>({ freeSeconds, openSeconds, notice }: WindowRules): {
  sentEffect(facts: SentFacts, out: Outgoing<V>, ctx: Context<V>): Promise<void>
  job: Job<V>
} {
  return {
    async sentEffect(_facts, { at, author, to: { guest, address } }, ctx) {
      const { interaction = '' } = address
      if (author !== 'agent' || interaction === '' || at.getTime() - Number(interaction) <= freeSeconds * 1000) return
      if ((await ctx.store.get(keyOf(guest))) === interaction) return
      await ctx.store.set(keyOf(guest), interaction, openSeconds)
      await ctx.agenda(agenda).put(guest, ctx.now())
    },
    job: {
      name: agenda,
      everySeconds: () => 60,
      async run(ctx, emit) {
        for (const guest of await ctx.agenda(agenda).due(ctx.now(), 100)) {
          const interaction = await ctx.store.get(keyOf(guest))
          if (interaction !== undefined) await emit([told(guest, interaction, notice(new Date(Number(interaction) + openSeconds * 1000)))])
          await ctx.agenda(agenda).remove(guest)
        }
      },
    },
  }
}
function told(guest: string, interaction: string, text: string): InboundEvent {
  return { id: `window:${guest}:${interaction}`, guest, type: 'message', author: 'system', content: { kind: 'system', text } }
}
