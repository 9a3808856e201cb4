import type { BudgetRule, PlatformCall, Recipient } from '@um/shared/contract'
import type { Tenant } from './webhook.ts'

/** Calls a minute, per method and workspace. https://docs.slack.dev/apis/web-api/rate-limits */
const tiers: Readonly<Record<string, number>> = {
  '/conversations.open': 50,
  '/files.completeUploadExternal': 100,
  '/files.getUploadURLExternal': 100,
  '/files.info': 100,
  '/team.info': 50,
  '/users.info': 100,
  // not told but for "several hundred"; a 429 says when it is less
  '/chat.postMessage': 300,
}
const defaultTier = 20

/** A message a second in a channel, short bursts allowed. */
const burst = 5
const posting = ['/chat.postMessage', '/files.completeUploadExternal']

export function budgets(call: PlatformCall, to: Recipient | undefined, { settings }: Tenant): BudgetRule[] {
  if (call.url !== undefined) return []
  const workspace = `${settings.appId}:${call.account ?? ''}`
  const method: BudgetRule = { key: `${workspace}:${call.path}`, limit: tiers[call.path] ?? defaultTier, perSeconds: 60 }
  if (to === undefined || !posting.includes(call.path)) return [method]
  return [method, { key: `${settings.appId}:${to.guest}`, limit: burst, perSeconds: burst, scope: 'guest' }]
}
