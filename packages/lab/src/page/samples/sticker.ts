import { blobOfCanvas, canvasOf, type SendableFile } from './sample.ts'

const size = 512

/** The emoji as a WebP picture, as platforms keep stickers. Nothing: this browser writes no WebP. */
export async function sampleSticker(emoji: string): Promise<SendableFile | undefined> {
  const [canvas, pen] = canvasOf(size, size)
  pen.font = `${size * 0.74}px sans-serif`
  pen.textAlign = 'center'
  pen.textBaseline = 'middle'
  pen.fillText(emoji, size / 2, size * 0.55)
  const blob = await blobOfCanvas(canvas, 'image/webp')
  return blob.type === 'image/webp' ? { blob, name: 'sticker.webp' } : undefined
}
