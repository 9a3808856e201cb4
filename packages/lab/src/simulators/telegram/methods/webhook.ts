import type { Call, Method } from '../call.ts'
import { badRequest } from '../errors.ts'
import { knownUpdateKinds } from '../types.ts'
import { noWebhook } from '../world.ts'

const securePorts = ['', '443', '80', '88', '8443']

/** https://core.telegram.org/bots/api#setwebhook, checked in the order of the platform's server. */
function setWebhook(call: Call): unknown {
  const { bot, params, world } = call
  const url = params.text('url')
  if (url === '') return deleteWebhook(call)
  const target = parseUrl(url)
  if (target === undefined) throw badRequest('invalid webhook URL specified')
  const secret = params.text('secret_token')
  if (secret.length > 256) throw badRequest('secret token is too long')
  if (!/^[A-Za-z0-9_-]*$/.test(secret)) throw badRequest('secret token contains unallowed characters')
  if (world.options.requireHttps) {
    if (target.protocol !== 'https:') throw badRequest('bad webhook: An HTTPS URL must be provided for webhook')
    if (!securePorts.includes(target.port)) throw badRequest('bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443')
  }
  if (params.flag('drop_pending_updates')) bot.queues.clear()
  const maxConnections = params.integer('max_connections', 40, 1, 100)
  const ipAddress = params.text('ip_address')
  bot.webhook = {
    url,
    secret,
    maxConnections,
    ipAddress: ipAddress === '' ? undefined : ipAddress,
    allowed: readAllowed(call) ?? bot.webhook.allowed,
    lastError: undefined,
    first410At: undefined,
  }
  bot.queues.concurrency = maxConnections
  bot.queues.resume()
  call.events.account(bot)
  return true
}

/** Unknown kinds are ignored, an unreadable list is as none, an empty one means the defaults again. */
function readAllowed({ params, bot }: Call): readonly string[] | undefined {
  const text = params.text('allowed_updates')
  if (text === '') return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!Array.isArray(value) || value.some(kind => typeof kind !== 'string')) return undefined
  const kinds = value.map(kind => String(kind).toLowerCase()).filter(kind => knownUpdateKinds.includes(kind))
  if (kinds.length > 0) return kinds
  bot.webhook.allowed = undefined
  return undefined
}

function deleteWebhook(call: Call): unknown {
  const { bot } = call
  if (call.params.flag('drop_pending_updates')) bot.queues.clear()
  bot.webhook = { ...noWebhook, allowed: bot.webhook.allowed }
  bot.queues.pause()
  call.events.account(bot)
  return true
}

function getWebhookInfo({ bot }: Call): unknown {
  const { webhook } = bot
  return {
    url: webhook.url,
    has_custom_certificate: false,
    pending_update_count: bot.queues.size,
    ...(webhook.lastError === undefined ? {} : { last_error_date: Math.floor(webhook.lastError.at / 1000), last_error_message: webhook.lastError.message }),
    ...(webhook.url === '' ? {} : { max_connections: webhook.maxConnections, ip_address: webhook.ipAddress ?? '127.0.0.1' }),
    ...(webhook.allowed === undefined ? {} : { allowed_updates: webhook.allowed }),
  }
}

function getMe({ bot }: Call): unknown {
  return {
    ...bot.user,
    can_join_groups: true,
    can_read_all_group_messages: false,
    supports_inline_queries: false,
    can_connect_to_business: false,
    has_main_web_app: false,
  }
}

/** The scheme may be left out; it is https then. */
function parseUrl(url: string): URL | undefined {
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `https://${url}`
  if (!URL.canParse(full)) return undefined
  const target = new URL(full)
  return target.protocol === 'https:' || target.protocol === 'http:' ? target : undefined
}

export const webhookMethods: Readonly<Record<string, Method>> = { getMe, setWebhook, deleteWebhook, getWebhookInfo }
