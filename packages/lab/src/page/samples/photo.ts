import { blobOfCanvas, canvasOf, type SendableFile } from './sample.ts'

interface Scene {
  name: string
  sky: [string, string]
  sun: string
  /** from far to near */
  hills: string[]
}

const scenes: Scene[] = [
  { name: 'harbour-morning.jpg', sky: ['#f7d9b0', '#f3efe6'], sun: '#f2a65a', hills: ['#9fb4bf', '#6f8d9c', '#466574'] },
  { name: 'ridge-noon.jpg', sky: ['#8fc1e3', '#e6f1f7'], sun: '#fff3c4', hills: ['#a9c5a0', '#749a72', '#47704f'] },
  { name: 'bay-evening.jpg', sky: ['#5b5f97', '#f0b8a0'], sun: '#ffd8a8', hills: ['#7b6d8d', '#564d6d', '#352f44'] },
]

/** A small landscape, drawn; each number has its own. */
export async function samplePhoto(number = 0): Promise<SendableFile> {
  const scene = scenes[number % scenes.length] ?? scenes[0]
  if (scene === undefined) throw new Error('there are no scenes')
  const [canvas, pen] = canvasOf(960, 640)
  drawScene(pen, scene, 960, 640, 0)
  return { blob: await blobOfCanvas(canvas, 'image/jpeg'), name: scene.name }
}

/** `progress` 0..1 moves the sun: that is the whole film. */
export function drawFrame(pen: CanvasRenderingContext2D, width: number, height: number, progress: number): void {
  const scene = scenes[2]
  if (scene !== undefined) drawScene(pen, scene, width, height, progress)
}

function drawScene(pen: CanvasRenderingContext2D, scene: Scene, width: number, height: number, progress: number): void {
  const sky = pen.createLinearGradient(0, 0, 0, height)
  sky.addColorStop(0, scene.sky[0])
  sky.addColorStop(1, scene.sky[1])
  pen.fillStyle = sky
  pen.fillRect(0, 0, width, height)
  pen.fillStyle = scene.sun
  pen.beginPath()
  pen.arc(width * (0.68 - progress * 0.3), height * (0.34 + progress * 0.12), height * 0.09, 0, Math.PI * 2)
  pen.fill()
  for (const [index, colour] of scene.hills.entries()) drawHill(pen, colour, width, height, index)
}

function drawHill(pen: CanvasRenderingContext2D, colour: string, width: number, height: number, index: number): void {
  const base = height * (0.52 + index * 0.15)
  const swing = height * (0.11 - index * 0.02)
  pen.fillStyle = colour
  pen.beginPath()
  pen.moveTo(0, height)
  for (let x = 0; x <= width; x += 4) {
    const turn = (x / width) * Math.PI * 2
    pen.lineTo(x, base + Math.sin(turn * (1 + index * 0.4) + index * 2.1) * swing + Math.sin(turn * 2.7 + index) * swing * 0.35)
  }
  pen.lineTo(width, height)
  pen.fill()
}
