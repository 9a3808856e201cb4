import { setTimeout as sleep } from 'node:timers/promises'
import { CallFailed, type PlatformCall } from '@um/shared/contract'
import { z } from 'zod'
import { openIntegrations } from './calls.ts'
import { type Ctx, webhookUrlRefusal } from './definition.ts'
import { assignFlow, isAlternative, listFlows } from './flows.ts'
import { entities } from './paging.ts'
import { Integration, type Named } from './schema.ts'

/**
 * Makes the tenant's integration, or brings the one that it has up to date; then routes it. Idempotent: an integration whose id was lost is found again by its name.
 * `pause` waits between two looks at an integration that is still being made.
 */
export async function register(ctx: Ctx, pause: (milliseconds: number) => Promise<unknown> = sleep): Promise<Record<string, string>> {
  const refusal = webhookUrlRefusal(webhookUrl(ctx), ctx.tenant.settings.apiUrl)
  if (refusal !== undefined) throw new CallFailed({ kind: 'subscription', why: `the webhook address ${webhookUrl(ctx)} ${refusal}` })

  const found = (await update(ctx, ctx.tenant.state.integrationId)) ?? (await adopt(ctx)) ?? (await create(ctx))
  await ctx.saveState({ integrationId: found.id })
  const integration = await completed(ctx, found, pause)
  const recipientId = integration.recipient?.id ?? integration.id
  return { integrationId: integration.id, recipientId, ...(await route(ctx, recipientId)) }
}

/** "Already gone" is success; an integration that is still routed lets itself be deleted only after its flow is cleared. */
export async function unregister(ctx: Ctx): Promise<void> {
  const { integrationId, recipientId } = ctx.tenant.state
  if (!integrationId) return
  if (await remove(ctx, integrationId)) return
  await assignFlow(ctx, recipientId ?? integrationId, undefined)
  if (await remove(ctx, integrationId)) return
  throw new CallFailed({ kind: 'subscription', why: 'Genesys Cloud does not let the integration be deleted: it is in use' })
}

function webhookUrl(ctx: Ctx): string {
  return ctx.tenant.settings.webhookUrl ?? ctx.tenant.webhookUrl
}
function pathOf(id: string): string {
  return `${openIntegrations}/${encodeURIComponent(id)}`
}
function wanted(ctx: Ctx): object {
  const { integrationName, webhookToken, webhookHeaders, supportedContentId } = ctx.tenant.settings
  return {
    name: integrationName,
    outboundNotificationWebhookUrl: webhookUrl(ctx),
    outboundNotificationWebhookSignatureSecretToken: webhookToken,
    webhookHeaders,
    ...(supportedContentId === undefined ? {} : { supportedContent: { id: supportedContentId } }),
  }
}

/** Nothing: there is no such integration (any more). */
async function update(ctx: Ctx, id: string | undefined): Promise<Integration | undefined> {
  if (!id) return undefined
  return unlessGone(ctx.http.call({ method: 'PATCH', path: pathOf(id), json: wanted(ctx), idempotent: true, alternatives: { gone: [] } }, Integration))
}
async function adopt(ctx: Ctx): Promise<Integration | undefined> {
  for await (const integration of entities(ctx, openIntegrations, {}, Integration)) {
    if (integration.name === ctx.tenant.settings.integrationName) return update(ctx, integration.id)
  }
  return undefined
}
async function create(ctx: Ctx): Promise<Integration> {
  return ctx.http.call({ method: 'POST', path: openIntegrations, json: wanted(ctx) }, Integration)
}
/** false: something still uses it. */
async function remove(ctx: Ctx, id: string): Promise<boolean> {
  const call: PlatformCall = { method: 'DELETE', path: pathOf(id), idempotent: true, alternatives: { gone: [], inUse: [] } }
  try {
    await ctx.http.call(call, z.unknown())
  } catch (error) {
    if (isAlternative(error, 'inUse')) return false
    if (!isAlternative(error, 'gone')) throw error
  }
  return true
}
async function unlessGone<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (isAlternative(error, 'gone')) return undefined
    throw error
  }
}

const pauseMilliseconds = 2000
const maxLooks = 30

/** Genesys Cloud makes an integration in the background. */
async function completed(ctx: Ctx, integration: Integration, pause: (milliseconds: number) => Promise<unknown>): Promise<Integration> {
  let current = integration
  for (let look = 0; current.createStatus === 'Initiated'; look += 1) {
    if (look === maxLooks) throw new CallFailed({ kind: 'retryable', certain: true, why: 'Genesys Cloud is still making the integration' })
    await pause(pauseMilliseconds)
    current = await ctx.http.call({ method: 'GET', path: pathOf(current.id) }, Integration)
  }
  if (current.createStatus !== 'Error') return current
  await remove(ctx, current.id)
  await ctx.saveState({ integrationId: '' })
  throw new CallFailed({ kind: 'subscription', why: `Genesys Cloud could not make the integration: ${current.createError?.message ?? 'it does not say why'}` })
}

/** `flows` is what the admin can choose from; a flow that we set is cleared again when the setting is emptied, one that somebody else set stays. */
async function route(ctx: Ctx, recipientId: string): Promise<Record<string, string>> {
  const { inboundFlowId } = ctx.tenant.settings
  const flows = await flowsToChoose(ctx)
  const chosen = flows.find(flow => flow.id === inboundFlowId)
  if (inboundFlowId !== undefined) await assignFlow(ctx, recipientId, chosen ?? { id: inboundFlowId })
  else if (ctx.tenant.state.inboundFlowId) await assignFlow(ctx, recipientId, undefined)
  return { flows: JSON.stringify(flows), inboundFlowId: inboundFlowId ?? '' }
}
/** Only the form wants the list: a role that may not read it still routes by identifier. */
async function flowsToChoose(ctx: Ctx): Promise<Named[]> {
  try {
    return await listFlows(ctx)
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error
    ctx.log.warn({ tenant: ctx.tenant.id, why: error.failure.why }, 'inbound message flows cannot be listed')
    return []
  }
}
