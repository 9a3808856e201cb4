import { Readable } from 'node:stream'
import { describe, expect, it } from '@jest/globals'
import { gifSize } from '../../src/kit/index.ts'

/** 320 by 240, then the rest of a file. */
const gif = Buffer.from('47494638396140 01f000f70000000000'.replace(' ', ''), 'hex')
const opened = (...chunks: Buffer[]) => ({ body: Readable.from(chunks) })

describe('the size of a GIF', () => {
  it('is read from its beginning, however that is cut, and the rest is not waited for', async () => {
    const endless = new Readable({ read: () => undefined })
    endless.push(gif)

    expect(await gifSize(opened(gif))).toEqual({ width: 320, height: 240 })
    expect(await gifSize(opened(...[...gif].map(byte => Buffer.from([byte]))))).toEqual({ width: 320, height: 240 })
    expect(await gifSize({ body: endless })).toEqual({ width: 320, height: 240 })
    expect(endless.destroyed).toBe(true)
  })

  it.each([
    ['another picture', Buffer.from('89504e470d0a1a0a0000000d', 'hex')],
    ['one that is cut', gif.subarray(0, 9)],
    ['nothing', Buffer.alloc(0)],
    ['a GIF of another version', Buffer.from(gif.toString('latin1').replace('89a', '88a'), 'latin1')],
  ])('is not known of %s', async (_what, bytes) => {
    expect(await gifSize(opened(bytes))).toBeUndefined()
  })
})
