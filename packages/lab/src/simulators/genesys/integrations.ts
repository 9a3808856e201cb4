import { randomUUID } from 'node:crypto'
import { type Answer, type Call, integrationOf } from './call.ts'
import { type Fields, isObject, requireText } from './check.ts'
import { badRequest, notFound, PlatformError } from './errors.ts'
import type { Integration, World } from './world.ts'

/** Open Messaging integrations, flows, and the recipients that join the two. */

const minTokenLength = 16
const forbiddenHeaders = ['content-type', 'x-hub-signature-256', 'content-length', 'host']
const path = '/api/v2/conversations/messaging/integrations/open'

export function createIntegration({ world, view, body }: Call): Answer {
  const name = readName(body)
  checkNameIsFree(world, name)
  const now = world.now()
  const integration: Integration = {
    id: randomUUID(),
    name,
    webhookUrl: readWebhookUrl(world, body) ?? '',
    webhookToken: readWebhookToken(body) ?? '',
    webhookHeaders: readHeaders(body) ?? {},
    supportedContentId: readSupportedContent(body),
    createdAt: now,
    completedAt: now + world.settings.integrationSetupMs,
    flow: undefined,
    version: 1,
  }
  if (integration.webhookUrl === '') throw badRequest("should have required property 'outboundNotificationWebhookUrl'")
  if (integration.webhookToken === '') throw badRequest("should have required property 'outboundNotificationWebhookSignatureSecretToken'")
  world.integrations.set(integration.id, integration)
  world.count('integrationsCreated')
  view.tellDesk(integration)
  return { status: 200, body: wire(world, integration) }
}

export function updateIntegration(call: Call): Answer {
  const { world, view, body } = call
  const integration = integrationOf(call)
  const name = readName(body)
  if (name !== integration.name) checkNameIsFree(world, name)
  const webhookUrl = readWebhookUrl(world, body) ?? integration.webhookUrl
  const webhookToken = readWebhookToken(body) ?? integration.webhookToken
  const webhookHeaders = readHeaders(body) ?? integration.webhookHeaders
  Object.assign(integration, { name, webhookUrl, webhookToken, webhookHeaders, version: integration.version + 1 })
  if (body.supportedContent !== undefined) integration.supportedContentId = readSupportedContent(body)
  world.count('integrationsUpdated')
  view.tellDesk(integration)
  return { status: 200, body: wire(world, integration) }
}

export function getIntegration(call: Call): Answer {
  return { status: 200, body: wire(call.world, integrationOf(call)) }
}

export function listIntegrations({ world, query }: Call): Answer {
  return {
    status: 200,
    body: paged(
      [...world.integrations.values()].map(integration => wire(world, integration)),
      query,
      path,
    ),
  }
}

/** Refused while a flow is still routed to it. */
export function deleteIntegration(call: Call): Answer {
  const integration = integrationOf(call)
  if (integration.flow !== undefined) throw new PlatformError(409, 'general.conflict', 'The integration is still in use by a message flow')
  call.world.integrations.delete(integration.id)
  call.world.count('integrationsDeleted')
  call.view.tellDesk(integration)
  return { status: 204 }
}

export function listFlows({ world, query }: Call): Answer {
  const type = query.get('type')?.toLowerCase()
  const flows = type === undefined || type === 'inboundshortmessage' ? world.flows : []
  return { status: 200, body: paged(flows, query, '/api/v2/flows') }
}

export function getRecipient(call: Call): Answer {
  return { status: 200, body: recipient(recipientOf(call)) }
}

/** A body without `flow` clears it. */
export function putRecipient(call: Call): Answer {
  const { world, body } = call
  const integration = recipientOf(call)
  if (body.messengerType !== undefined && body.messengerType !== 'open') throw badRequest('The messengerType of a recipient cannot be changed', 'invalid.value')
  if (body.flow === undefined || body.flow === null) {
    integration.flow = undefined
  } else {
    const id = isObject(body.flow) ? requireText(body.flow, 'id', 'flow') : ''
    const flow = world.flows.find(each => each.id === id)
    if (flow === undefined) throw badRequest('The specified flow does not exist', 'invalid.value')
    integration.flow = { id: flow.id, name: flow.name }
  }
  return { status: 200, body: recipient(integration) }
}

function recipientOf({ world, id }: Call): Integration {
  const integration = world.integrations.get(id)
  if (integration === undefined) throw notFound('recipient')
  return integration
}
function recipient(integration: Integration): object {
  return {
    id: integration.id,
    name: integration.name,
    messengerType: 'open',
    ...(integration.flow === undefined ? {} : { flow: { ...integration.flow, selfUri: `/api/v2/flows/${integration.flow.id}` } }),
    selfUri: `/api/v2/routing/message/recipients/${integration.id}`,
  }
}

/** The signature's token is never told again. */
function wire(world: World, integration: Integration): object {
  const isComplete = world.now() >= integration.completedAt
  return {
    id: integration.id,
    name: integration.name,
    outboundNotificationWebhookUrl: integration.webhookUrl,
    webhookHeaders: integration.webhookHeaders,
    ...(integration.supportedContentId === undefined ? {} : { supportedContent: { id: integration.supportedContentId } }),
    status: isComplete ? 'Active' : 'Inactive',
    createStatus: isComplete ? 'Completed' : 'Initiated',
    recipient: { id: integration.id, selfUri: `/api/v2/routing/message/recipients/${integration.id}` },
    dateCreated: new Date(integration.createdAt).toISOString(),
    version: integration.version,
    selfUri: `${path}/${integration.id}`,
  }
}

function paged(all: readonly unknown[], query: URLSearchParams, selfPath: string): object {
  const pageSize = readCount(query, 'pageSize', 25, 500)
  const pageNumber = readCount(query, 'pageNumber', 1, 1_000_000)
  const pageCount = Math.max(1, Math.ceil(all.length / pageSize))
  const uri = (page: number) => `${selfPath}?pageSize=${pageSize}&pageNumber=${page}`
  return {
    entities: all.slice((pageNumber - 1) * pageSize, pageNumber * pageSize),
    pageSize,
    pageNumber,
    total: all.length,
    firstUri: uri(1),
    lastUri: uri(pageCount),
    selfUri: uri(pageNumber),
    ...(pageNumber < pageCount ? { nextUri: uri(pageNumber + 1) } : {}),
    ...(pageNumber > 1 ? { previousUri: uri(pageNumber - 1) } : {}),
    pageCount,
  }
}
function readCount(query: URLSearchParams, name: string, fallback: number, max: number): number {
  const text = query.get(name)
  if (text === null) return fallback
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > max) throw badRequest(`The value [${text}] is not valid for field [${name}]`, 'invalid.value')
  return value
}

function readName(body: Fields): string {
  const name = requireText(body, 'name', '').trim()
  if (name === '' || name.length > 100) throw badRequest('The name must have 1 to 100 characters', 'invalid.value')
  return name
}
function checkNameIsFree(world: World, name: string): void {
  for (const other of world.integrations.values()) {
    if (other.name === name) throw new PlatformError(409, 'general.conflict', 'An integration with this name already exists')
  }
}
function readWebhookUrl(world: World, body: Fields): string | undefined {
  const value = body.outboundNotificationWebhookUrl
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string' || !URL.canParse(value)) throw badRequest('outboundNotificationWebhookUrl is not a valid URL', 'invalid.value')
  const url = new URL(value)
  if (url.protocol !== 'https:' && (world.settings.requireHttps || url.protocol !== 'http:')) {
    throw badRequest('outboundNotificationWebhookUrl must use https', 'invalid.value')
  }
  if (world.settings.requireHttps && url.port !== '') throw badRequest('outboundNotificationWebhookUrl must not name a port', 'invalid.value')
  return value
}
function readWebhookToken(body: Fields): string | undefined {
  const value = body.outboundNotificationWebhookSignatureSecretToken
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string' || value.length < minTokenLength) {
    throw badRequest('outboundNotificationWebhookSignatureSecretToken must be longer than 15 characters', 'invalid.value')
  }
  return value
}
function readHeaders(body: Fields): Record<string, string> | undefined {
  if (body.webhookHeaders === undefined || body.webhookHeaders === null) return undefined
  if (!isObject(body.webhookHeaders)) throw badRequest('webhookHeaders must be an object', 'invalid.value')
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(body.webhookHeaders)) {
    const isToken = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what a header must not hold
    if (!isToken || forbiddenHeaders.includes(name.toLowerCase()) || typeof value !== 'string' || /[\u0000-\u001f\u007f]/.test(value)) {
      throw badRequest(`The webhook header [${name}] is not allowed`, 'invalid.value')
    }
    headers[name] = value
  }
  return headers
}
function readSupportedContent(body: Fields): string | undefined {
  return isObject(body.supportedContent) && typeof body.supportedContent.id === 'string' ? body.supportedContent.id : undefined
}
