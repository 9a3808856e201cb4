import { blobOfCanvas, canvasOf, type SendableFile } from './sample.ts'

/** Hues that keep white letters readable. */
const colours = ['#33618d', '#5a5391', '#7b4e7f', '#8b4a62', '#7a5532', '#4e6539', '#2d6a5f', '#55606e']

/** The same name has the same colour everywhere. */
export function colourOf(name: string): string {
  let sum = 0
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973
  return colours[sum % colours.length] ?? '#55606e'
}

/** One or two letters for a name: 'Mia Tanaka' is MT, '田中' is 田. */
export function monogram(name: string): string {
  const words = name
    .trim()
    .split(/[\s_-]+/)
    .filter(word => word !== '')
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words
  return letters.map(word => [...(word ?? '')][0]?.toUpperCase() ?? '').join('')
}

/** A profile picture: the monogram on its colour. */
export async function sampleAvatar(name: string): Promise<SendableFile> {
  const [canvas, pen] = canvasOf(256, 256)
  pen.fillStyle = colourOf(name)
  pen.fillRect(0, 0, 256, 256)
  pen.fillStyle = '#ffffff'
  pen.font = '600 104px system-ui, sans-serif'
  pen.textAlign = 'center'
  pen.textBaseline = 'middle'
  pen.fillText(monogram(name), 128, 134)
  return { blob: await blobOfCanvas(canvas, 'image/png'), name: 'profile.png' }
}
