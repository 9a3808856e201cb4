/** A file that is ready to be sent, picked by the person or made here. */
export interface SendableFile {
  blob: Blob
  name: string
  durationSeconds?: number
}

export function blobOfCanvas(canvas: HTMLCanvasElement, type: string): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob(blob => (blob === null ? reject(new Error(`this browser cannot write ${type}`)) : resolve(blob)), type, 0.9)
  })
}

export function canvasOf(width: number, height: number): [HTMLCanvasElement, CanvasRenderingContext2D] {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const pen = canvas.getContext('2d')
  if (pen === null) throw new Error('this browser cannot draw')
  return [canvas, pen]
}
