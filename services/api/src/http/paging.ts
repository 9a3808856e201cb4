import { z } from 'zod'

export const maxPageSize = 1000

/** Query fields of every list. Without them, the first 1000 come in one answer. */
export const pagingFields = {
  page: z.coerce.number().int().min(1).max(1_000_000).default(1).meta({ description: 'From 1.' }),
  pageSize: z.coerce.number().int().min(1).max(maxPageSize).default(maxPageSize).meta({ description: 'Entries per page.' }),
}

export interface Page<T> {
  items: T[]
  /** `X-Total-Count`, and `Link` with the neighbours (RFC 8288) */
  headers: Record<string, string>
}
/** `url` is the caller's, relative to the server. */
export function pageOf<T>(all: readonly T[], { page, pageSize }: { page: number; pageSize: number }, url: string): Page<T> {
  const items = all.slice((page - 1) * pageSize, page * pageSize)
  return { items, headers: pageHeaders(all.length, { page, pageSize }, url) }
}
export function pageHeaders(total: number, { page, pageSize }: { page: number; pageSize: number }, url: string): Record<string, string> {
  const last = Math.max(1, Math.ceil(total / pageSize))
  const links = [
    ...(page > 1 ? [['first', 1] as const, ['prev', Math.min(page - 1, last)] as const] : []),
    ...(page < last ? [['next', page + 1] as const, ['last', last] as const] : []),
  ]
  return {
    'X-Total-Count': String(total),
    ...(links.length === 0 ? {} : { Link: links.map(([name, number]) => `<${withPage(url, number, pageSize)}>; rel="${name}"`).join(', ') }),
  }
}
function withPage(url: string, page: number, pageSize: number): string {
  const [path = '', search] = url.split('?')
  const query = new URLSearchParams(search)
  query.set('page', String(page))
  query.set('pageSize', String(pageSize))
  return `${path}?${query}`
}
export const pagingHeaders = { 'X-Total-Count': 'How many there are in all.', Link: 'Neighbouring pages (RFC 8288): first, prev, next, last.' } as const
