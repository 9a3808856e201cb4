import { greyJpeg } from '@um/lab/kit/image'

const bytes = 48 * 1024

/** A small valid picture of a size that photos have on their way, however they are scaled: what is behind the image's end does no harm. */
export function loadPhoto(): Buffer {
  const picture = greyJpeg(320, 200)
  return Buffer.concat([picture, Buffer.alloc(Math.max(0, bytes - picture.length), 0x20)])
}
