import type { ApiClient } from './client.ts'

/** No list of the page is of use beyond this, and no browser is asked to hold more. */
const mostItems = 20_000

/** A whole list, of which the API answers a page at a time. One after the other: what is asked every few seconds must not be a burst. */
export async function everyPage<T extends { id: string }>(api: Pick<ApiClient, 'call'>, path: string, signal: AbortSignal, most = mostItems): Promise<T[]> {
  // what is new or gone between two answers moves the others: each is listed once
  const items = new Map<string, T>()
  let read = 0
  for (let page = 1; ; page += 1) {
    const { data, headers } = await api.call<T[]>('GET', page === 1 ? path : `${path}?page=${page}`, { signal })
    for (const item of data) items.set(item.id, item)
    read += data.length
    const total = Number(headers.get('x-total-count') ?? read)
    if (data.length === 0 || read >= Math.min(total, most)) return [...items.values()].slice(0, most)
  }
}
