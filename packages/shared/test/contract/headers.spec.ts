import { describe, expect, it } from '@jest/globals'
import { HeaderList } from '../../src/contract/index.ts'

describe('a list of headers', () => {
  it('is read in any case', () => {
    const headers = new HeaderList()

    headers.append('X-Line-Signature', 'abc=')

    expect(headers.get('x-line-signature')).toBe('abc=')
    expect(headers.has('X-LINE-SIGNATURE')).toBe(true)
  })

  it('says null of what did not come', () => {
    const headers = new HeaderList()
    headers.append('x-line-signature', 'abc=')

    expect(headers.get('x-line')).toBeNull()
    expect(headers.has('x-line')).toBe(false)
  })

  it.each(['x-forwarded-for', 'cookie', 'Cookie'])('joins several of one name as the platform’s own Headers do: %s', name => {
    const ours = new HeaderList()
    const theirs = new Headers()

    for (const headers of [ours, theirs]) {
      headers.append(name, 'a=1')
      headers.append(name.toLowerCase(), 'b=2')
    }

    expect(ours.get(name)).toBe(theirs.get(name))
  })
})
