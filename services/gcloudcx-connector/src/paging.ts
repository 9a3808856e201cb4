import { z } from 'zod'
import type { Ctx } from './definition.ts'

const pageSize = 100
/** Nobody has so many: a server that never ends its list must not keep us for ever. */
const maxPages = 50

/** All entities of a list, page by page, as far as the caller reads on. */
export async function* entities<T extends z.ZodType>(ctx: Ctx, path: string, query: Record<string, string>, entity: T): AsyncGenerator<z.output<T>> {
  const Page = z.object({ entities: z.array(entity).default([]), pageCount: z.number().optional() })
  for (let page = 1; page <= maxPages; page += 1) {
    const answer = await ctx.http.call({ method: 'GET', path, query: { ...query, pageSize: String(pageSize), pageNumber: String(page) } }, Page)
    yield* answer.entities
    const last = answer.pageCount === undefined ? answer.entities.length < pageSize : page >= answer.pageCount
    if (last) return
  }
}
