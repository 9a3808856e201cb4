import type { SendableFile } from './sample.ts'

const rate = 16_000

/** Three soft tones as a WAV file: what a voice message sounds like when nobody speaks. */
export function sampleVoice(seconds = 3, name = 'voice-message.wav'): SendableFile {
  const count = Math.round(seconds * rate)
  const samples = new Int16Array(count)
  const tones = [392, 440, 523.25]
  const each = count / tones.length
  for (let index = 0; index < count; index += 1) {
    const tone = tones[Math.floor(index / each)] ?? 440
    const within = (index % each) / each
    const loudness = Math.sin(Math.PI * within) ** 2 * 0.35
    samples[index] = Math.round(Math.sin((2 * Math.PI * tone * index) / rate) * loudness * 32_767)
  }
  return { blob: new Blob([wavHeader(samples.byteLength), samples], { type: 'audio/wav' }), name, durationSeconds: Math.round(seconds) }
}

/** RIFF, PCM, one channel of 16 bits. */
function wavHeader(bytes: number): ArrayBuffer {
  const header = new ArrayBuffer(44)
  const view = new DataView(header)
  const word = (at: number, letters: string) => {
    for (const [index, letter] of [...letters].entries()) view.setUint8(at + index, letter.charCodeAt(0))
  }
  word(0, 'RIFF')
  view.setUint32(4, 36 + bytes, true)
  word(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, rate, true)
  view.setUint32(28, rate * 2, true)
  view.setUint16(32, 2, true)
  view.setUint16(34, 16, true)
  word(36, 'data')
  view.setUint32(40, bytes, true)
  return header
}
