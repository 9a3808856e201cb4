import { describe, expect, it } from '@jest/globals'
import type { Loaded } from '../src/page/api/client.ts'
import { everyPage } from '../src/page/api/every-page.ts'

const { signal } = new AbortController()

function apiOf(pages: readonly (readonly string[])[], total: number | undefined) {
  const asked: string[] = []
  return {
    asked,
    async call<T>(_method: string, path: string): Promise<Loaded<T>> {
      asked.push(path)
      const page = Number(path.split('page=')[1] ?? 1)
      const data = (pages[page - 1] ?? []).map(id => ({ id })) as T
      return { data, etag: undefined, headers: new Headers(total === undefined ? {} : { 'X-Total-Count': String(total) }) }
    },
  }
}
const read = async (api: ReturnType<typeof apiOf>, most?: number) => (await everyPage(api, '/tenants', signal, most)).map(({ id }) => id)

describe('a list of several pages', () => {
  it('is read to its end, and no further', async () => {
    const api = apiOf([['a', 'b'], ['c', 'd'], ['e']], 5)

    expect(await read(api)).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(api.asked).toEqual(['/tenants', '/tenants?page=2', '/tenants?page=3'])
  })

  it('is one answer when all is in it', async () => {
    const full = apiOf([['a', 'b']], 2)
    const countless = apiOf([['a', 'b'], ['c']], undefined)

    expect(await read(full)).toEqual(['a', 'b'])
    expect(await read(countless)).toEqual(['a', 'b'])
    expect([full.asked.length, countless.asked.length]).toEqual([1, 1])
  })

  it('has each entry once although it moves to another page meanwhile, and ends although some are gone', async () => {
    expect(await read(apiOf([['a', 'b'], ['b', 'c'], []], 9))).toEqual(['a', 'b', 'c'])
  })

  it('is read only as far as a page can show', async () => {
    const api = apiOf([['a', 'b'], ['c', 'd'], ['e']], 5)

    expect(await read(api, 3)).toEqual(['a', 'b', 'c'])
    expect(api.asked.length).toBe(2)
  })
})
