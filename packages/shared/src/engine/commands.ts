import { randomUUID } from 'node:crypto'
import { type CommandHandlers, type EffectOutcome, failedOutcome } from '../commands/index.ts'
import { CallFailed, type Context } from '../contract/index.ts'
import type { Connector, KnownTenant, TenantDirectory, View } from './tenants.ts'

/** What a connector does when `api` asks: the effects that are not part of a message's way. */
export function connectorCommands(parts: {
  connector: Connector
  tenants: TenantDirectory
  contextOf(view: View): Context<unknown>
  webhookUrl: string
  /** drops all that a check has left behind for an id that is no tenant */
  forget(id: string): Promise<void>
}): CommandHandlers {
  const { connector, tenants, contextOf } = parts
  const { definition, implementation } = connector
  return {
    async switchUser({ tenantId, guest, to }) {
      const { switchUser } = implementation
      if (switchUser === undefined) return { kind: 'unsupported' }
      const known = tenants.active(tenantId)
      if (known === undefined) return { kind: 'unknownTenant' }
      return outcomeOf(() => switchUser(guest, to, contextOf(known.view)))
    },
    async checkSettings({ tenantId, name, settings }) {
      const { check } = implementation
      if (check === undefined) return { kind: 'unsupported' }
      const read = definition.settings.safeParse(settings)
      if (!read.success) return { kind: 'failed', failure: { kind: 'content', why: 'the settings do not fit this version of the connector' } }
      const known = tenantId === undefined ? undefined : tenants.find(tenantId)
      // what is saved already is checked with what the connector keeps for it; other settings must not use, or use up, its tokens
      if (known !== undefined && isSame(known, read.data)) return outcomeOf(() => check(contextOf(known.view)))
      const view = unsavedView(name, read.data)
      try {
        return await outcomeOf(() => check(contextOf(view)))
      } finally {
        await parts.forget(view.id)
      }
    },
  }

  function unsavedView(name: string, settings: Record<string, unknown>): View {
    const options = { showSystemMessages: false, prefixAgentName: false }
    return { id: randomUUID(), name, settings, state: {}, options, webhookUrl: parts.webhookUrl }
  }
}

function isSame(known: KnownTenant, settings: unknown): boolean {
  return JSON.stringify(known.view.settings) === JSON.stringify(settings)
}

/** What the platform says is an outcome; anything else is a bug, or Redis that is away. */
async function outcomeOf(effect: () => Promise<void>): Promise<EffectOutcome> {
  try {
    await effect()
    return { kind: 'done' }
  } catch (error) {
    if (error instanceof CallFailed) return failedOutcome(error.failure)
    throw error
  }
}
