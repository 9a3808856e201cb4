import type { KeptEntry } from '@um/shared/backup'
import { type CommandClient, CommandFailed } from '@um/shared/commands'
import type { Logger } from '@um/shared/log'
import type { Redis } from '@um/shared/redis'
import { seal, unseal } from '@um/shared/settings'
import { keys } from '../config/changes.ts'

const context = 'kept'
const entriesPerPage = 200
const maxPageCharacters = 1_000_000
/** A service that is there gives what it is given to its tenants before they arrive; an absent one must not hold up the others for long. */
const waitMilliseconds = 5000

interface Page {
  service: string
  entries: KeptEntry[]
}

/** Redis commands, for the transaction of a restore, that keep what the services shall be given until RabbitMQ has it. Pure but for the seal's nonce. */
export function keptCommands(kept: readonly { service: string; entry: KeptEntry }[], sealKey: Buffer): string[][] {
  return pagesOf(kept).map(page => ['RPUSH', keys.kept, seal(page, sealKey, context)])
}

function pagesOf(kept: readonly { service: string; entry: KeptEntry }[]): Page[] {
  return [...Map.groupBy(kept, ({ service }) => service)].flatMap(([service, members]) => {
    const pages: Page[] = []
    let characters = 0
    for (const { entry } of members) {
      const page = pages.at(-1)
      const size = JSON.stringify(entry).length
      if (page === undefined || page.entries.length >= entriesPerPage || characters + size > maxPageCharacters) {
        pages.push({ service, entries: [entry] })
        characters = size
      } else {
        page.entries.push(entry)
        characters += size
      }
    }
    return pages
  })
}

/** Hands over what waits. One at a time over all replicas; throws when Redis or RabbitMQ is away, and goes on from there the next time. */
export async function deliverKept(parts: { redis: Redis; commands: CommandClient; sealKey: Buffer; log: Logger }): Promise<void> {
  const { redis, commands, sealKey, log } = parts
  const silent = new Set<string>()
  for (let text = await redis.lindex(keys.kept, 0); text !== null; text = await redis.lindex(keys.kept, 0)) {
    const page = openPage(text, sealKey)
    if (page === undefined) log.error({}, 'restored state of services cannot be read: has SECRET_KEY changed?')
    else {
      try {
        const wait = silent.has(page.service) ? 0 : waitMilliseconds
        if (!(await commands.tell(page.service, 'writeKept', { entries: page.entries }, wait))) silent.add(page.service)
      } catch (error) {
        if (!(error instanceof CommandFailed)) throw error
        // it would be refused again, and everything behind it waits; tokens that are given once are not thrown away
        log.error(
          { err: error, service: page.service, tenants: page.entries.map(({ id }) => id) },
          'restored state was refused by its service and is set aside',
        )
        await redis.rpush(keys.keptRefused, text)
      }
    }
    await redis.lpop(keys.kept)
  }
}

function openPage(text: string, sealKey: Buffer): Page | undefined {
  try {
    return unseal(text, sealKey, context) as Page
  } catch {
    return undefined
  }
}
