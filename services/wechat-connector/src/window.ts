import type { InboundEvent, Job, SentFacts } from '@um/shared/contract'
import { kept } from '@um/shared/kit'
import { z } from 'zod'
import type { Ctx, Out, Settings } from './definition.ts'

/** How long, and how many answers, WeChat takes after what a guest did. https://developers.weixin.qq.com/doc/service/en/guide/product/kf/intro.html */
const messageSeconds = 48 * 3600
const clickAllowance = { answers: 3, seconds: 60 } as const
const clicks = /:(subscribe|scan|click|location_select|scancode_push|scancode_waitmsg):/
const agenda = 'lastAnswer'

/** `until`: milliseconds */
const Window = z.object({ left: z.number(), until: z.number() })
type Window = z.infer<typeof Window>
const windows = ({ store }: Ctx) => kept(store, Window, 'window:')
async function read(ctx: Ctx, guest: string): Promise<Window | undefined> {
  const window = await windows(ctx).get(guest)
  return window !== undefined && window.until > ctx.now().getTime() ? window : undefined
}
async function write(ctx: Ctx, guest: string, window: Window): Promise<void> {
  await windows(ctx).set(guest, window, (window.until - ctx.now().getTime()) / 1000)
}
function allowanceOf(event: InboundEvent, { answersPerWindow }: Settings): { answers: number; seconds: number } | undefined {
  const isClick = clicks.test(event.id) || (event.type === 'message' && event.content.kind === 'choice')
  return isClick ? clickAllowance : event.type === 'message' ? { answers: answersPerWindow, seconds: messageSeconds } : undefined
}

/** Counted to warn, never to refuse: only WeChat knows. */
export async function enrich(event: InboundEvent, ctx: Ctx): Promise<InboundEvent> {
  const { settings } = ctx.tenant
  const allowance = settings.warnLastAnswer && !event.id.startsWith(agenda) ? allowanceOf(event, settings) : undefined
  if (allowance === undefined) return event
  const { left = 0 } = (await read(ctx, event.guest)) ?? {}
  const until = (event.at ?? ctx.now()).getTime() + allowance.seconds * 1000
  if (allowance.answers >= left && until > ctx.now().getTime()) await write(ctx, event.guest, { left: allowance.answers, until })
  return event
}
export async function sentEffect({ id }: SentFacts, { to: { guest } }: Out, ctx: Ctx): Promise<void> {
  const window = id === undefined ? undefined : await read(ctx, guest)
  if (window === undefined) return
  await write(ctx, guest, { ...window, left: window.left - 1 })
  if (window.left === 2) await ctx.agenda(agenda).put(guest, ctx.now())
}
export const jobs: readonly Job<Settings>[] = [
  {
    name: agenda,
    everySeconds: ({ warnLastAnswer }) => (warnLastAnswer ? 5 : 0),
    async run(ctx, emit) {
      for (const guest of await ctx.agenda(agenda).due(ctx.now(), 100)) {
        const window = await read(ctx, guest)
        const text = 'WeChat takes one more answer until the guest writes again'
        if (window?.left === 1)
          await emit([{ id: `${agenda}:${guest}:${window.until}`, guest, type: 'message', author: 'system', content: { kind: 'system', text } }])
        await ctx.agenda(agenda).remove(guest)
      }
    },
  },
]
