import { describe, expect, it } from '@jest/globals'
import { greyJpeg, imageFacts } from '../../src/kit/image.ts'
import { png } from '../images.ts'

/** A 1×1 GIF and WebP files of the three kinds, made by other programs. */
const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')
const lossyWebp = Buffer.from('UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAwA0JaQAA3AA/vuUAAA=', 'base64')
const losslessWebp = Buffer.from('UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==', 'base64')
const extendedWebp = Buffer.concat([Buffer.from('RIFF....WEBPVP8X', 'latin1'), Buffer.from('0a000000100000003f01001f0000', 'hex')])

describe('imageFacts', () => {
  it.each([
    ['GIF', gif, { mime: 'image/gif', width: 1, height: 1 }],
    ['PNG', png(640, 480), { mime: 'image/png', width: 640, height: 480 }],
    ['JPEG', greyJpeg(321, 123), { mime: 'image/jpeg', width: 321, height: 123 }],
    ['lossy WebP', lossyWebp, { mime: 'image/webp', width: 1, height: 1 }],
    ['lossless WebP', losslessWebp, { mime: 'image/webp', width: 1, height: 1 }],
    ['extended WebP', extendedWebp, { mime: 'image/webp', width: 320, height: 32 }],
  ])('reads a %s', (_kind, bytes, facts) => {
    expect(imageFacts(bytes)).toEqual(facts)
  })

  it.each([
    ['text', Buffer.from('GI am no picture')],
    ['nothing', Buffer.alloc(0)],
    ['a PNG that breaks off', png(1, 1).subarray(0, 18)],
    ['a JPEG without a frame', Buffer.from('ffd8ffe00004aaaaffd9', 'hex')],
  ])('does not take %s for an image', (_what, bytes) => {
    expect(imageFacts(bytes)).toBeUndefined()
  })
})
