import { CallFailed, type PlatformCall, present } from '@um/shared/contract'
import { z } from 'zod'
import type { Ctx } from './definition.ts'
import { entities } from './paging.ts'
import { Named, RoutingRecipient } from './schema.ts'

/** Inbound message flows that the tenant may choose from. */
export async function listFlows(ctx: Ctx): Promise<Named[]> {
  const flows: Named[] = []
  for await (const flow of entities(ctx, '/api/v2/flows', { type: 'inboundshortmessage' }, Named)) flows.push({ id: flow.id, name: flow.name })
  return flows
}

/** Routes the integration's messages to a flow; without one, to none. The routing is read and written whole, so a conflict is read again, once. */
export async function assignFlow(ctx: Ctx, recipientId: string, flow: { id: string; name?: string } | undefined): Promise<void> {
  if (await changeFlow(ctx, recipientId, flow)) return
  if (await changeFlow(ctx, recipientId, flow)) return
  throw new CallFailed({ kind: 'retryable', certain: true, why: 'the routing of the inbound message flow keeps changing' })
}

async function changeFlow(ctx: Ctx, recipientId: string, flow: { id: string; name?: string } | undefined): Promise<boolean> {
  const path = `/api/v2/routing/message/recipients/${encodeURIComponent(recipientId)}`
  const recipient = await ctx.http.call({ method: 'GET', path }, RoutingRecipient)
  if (recipient.flow?.id === flow?.id) return true
  const change: PlatformCall = {
    method: 'PUT',
    path,
    json: { ...present({ id: recipient.id, name: recipient.name }), messengerType: 'open', ...(flow === undefined ? {} : { flow }) },
    idempotent: true,
    alternatives: { conflict: [] },
  }
  return ctx.http.call(change, z.unknown()).then(
    () => true,
    error => {
      if (isAlternative(error, 'conflict')) return false
      throw error
    },
  )
}

/** Did the call end in the alternative that its caller takes care of? */
export function isAlternative(error: unknown, name: 'gone' | 'conflict' | 'inUse'): boolean {
  return error instanceof CallFailed && error.failure.kind === 'alternative' && error.failure.name === name
}
