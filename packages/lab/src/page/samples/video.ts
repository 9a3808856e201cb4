import { drawFrame } from './photo.ts'
import { canvasOf, type SendableFile } from './sample.ts'

const lastsMs = 2_000
const types = ['video/mp4;codecs=avc1.42E01E', 'video/mp4', 'video/webm;codecs=vp8', 'video/webm']

/** Records two seconds of a drawn sunset. Takes as long as it lasts; made once, then kept. */
let recorded: Promise<SendableFile> | undefined
export function sampleVideo(): Promise<SendableFile> {
  recorded ??= record().catch(error => {
    recorded = undefined
    throw error
  })
  return recorded
}

async function record(): Promise<SendableFile> {
  const type = typeof MediaRecorder === 'undefined' ? undefined : types.find(known => MediaRecorder.isTypeSupported(known))
  if (type === undefined) throw new Error('This browser cannot record a video. Choose a video file instead.')
  const [canvas, pen] = canvasOf(480, 320)
  drawFrame(pen, 480, 320, 0)
  const recorder = new MediaRecorder(canvas.captureStream(24), { mimeType: type, videoBitsPerSecond: 400_000 })
  const pieces: Blob[] = []
  recorder.ondataavailable = event => pieces.push(event.data)
  const ended = new Promise<void>((resolve, reject) => {
    recorder.onstop = () => resolve()
    recorder.onerror = () => reject(new Error('This browser stopped recording the video. Choose a video file instead.'))
  })
  recorder.start()
  const begin = performance.now()
  const timer = setInterval(() => {
    const progress = (performance.now() - begin) / lastsMs
    drawFrame(pen, 480, 320, Math.min(progress, 1))
    if (progress < 1) return
    clearInterval(timer)
    recorder.stop()
  }, 40)
  await ended
  const plainType = type.split(';')[0] ?? type
  const blob = new Blob(pieces, { type: plainType })
  if (blob.size === 0) throw new Error('This browser recorded an empty video. Choose a video file instead.')
  return { blob, name: `sunset.${plainType === 'video/mp4' ? 'mp4' : 'webm'}`, durationSeconds: lastsMs / 1_000 }
}
