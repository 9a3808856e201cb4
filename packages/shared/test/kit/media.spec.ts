import { Readable } from 'node:stream'
import { describe, expect, it } from '@jest/globals'
import { CallFailed, type OpenMedia } from '../../src/contract/index.ts'
import { fileName, foreignMedia, formOf, measuredMedia, mediaKindOf } from '../../src/kit/index.ts'

const source = { url: 'https://files.example.com/a' }
/** A server whose answers are given in turn. */
function ctxOf(...answers: (OpenMedia | CallFailed)[]) {
  const opened: OpenMedia[] = []
  const open = async (): Promise<OpenMedia> => {
    const next = answers.shift()
    if (next === undefined || next instanceof CallFailed) throw next ?? new Error('asked once too often')
    opened.push(next)
    return next
  }
  return { opened, media: { open, keep: async () => source } }
}
const bytes = (text: string, more: Partial<OpenMedia> = {}): OpenMedia => ({ body: Readable.from([Buffer.from(text)]), ...more })

describe('a file without a name', () => {
  it.each([
    ['image/jpeg', 'line-1.jpg'],
    ['Image/JPEG; q=1', 'line-1.jpg'],
    ['audio/x-m4a', 'line-1.m4a'],
    ['application/octet-stream', 'line-1'],
    ['application/vnd.unheard-of', 'line-1'],
    [undefined, 'line-1'],
  ])('of the type %p is called %s', (mime, name) => {
    expect(fileName('line-1', mime)).toBe(name)
  })
})

describe('the form of a file', () => {
  it('is told by its type, its name or its address, in this order', () => {
    expect(formOf({ url: 'https://x.example/a.png', name: 'b.jpg', mime: 'image/gif; q=1' })).toBe('image/gif')
    expect(formOf({ url: 'https://x.example/a.png', name: 'b.jpg' })).toBe('b.jpg')
    expect(formOf({ url: 'https://x.example/a.png?x=y.gif' })).toBe('/a.png')
    expect(formOf({ platformId: 'a.png' })).toBe('')
  })

  it('says how it is shown', () => {
    expect(['image/png', 'audio/ogg', 'video/mp4', 'application/video', undefined].map(mime => mediaKindOf(mime))).toEqual([
      'image',
      'audio',
      'video',
      'file',
      'file',
    ])
  })
})

describe('an attachment of the other side', () => {
  it('that its server does not give out is refused for good: our token is not meant', async () => {
    const ctx = ctxOf(new CallFailed({ kind: 'unauthorized', why: 'the address answers 403' }))

    await expect(foreignMedia(source, ctx)).rejects.toMatchObject({ failure: { kind: 'content', why: 'the address answers 403' } })
  })

  it('whose server is away is still worth a repeat', async () => {
    const away = new CallFailed({ kind: 'retryable', certain: true, why: 'the address answers 503' })

    await expect(foreignMedia(source, ctxOf(away))).rejects.toBe(away)
  })

  it('is opened once when its size is told', async () => {
    const ctx = ctxOf(bytes('four', { size: 4 }))

    expect((await measuredMedia(source, ctx)).size).toBe(4)
    expect(ctx.opened).toHaveLength(1)
  })

  it('is counted when its size is not told, and opened again', async () => {
    const ctx = ctxOf(bytes('four'), bytes('four', { name: 'second' }))

    expect(await measuredMedia(source, ctx)).toMatchObject({ size: 4, name: 'second' })
  })

  it('with nothing in it is refused and closed', async () => {
    const ctx = ctxOf(bytes('', { size: 0 }))

    await expect(measuredMedia(source, ctx)).rejects.toMatchObject({ failure: { kind: 'content' } })
    expect(ctx.opened[0]?.body.destroyed).toBe(true)
  })
})
