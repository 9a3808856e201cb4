/** What the first bytes of an image say of it. */
export interface ImageFacts {
  mime: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp'
  width: number
  height: number
}

/** undefined: not one of the four formats, or broken. */
export function imageFacts(bytes: Buffer): ImageFacts | undefined {
  try {
    if (bytes.subarray(0, 8).equals(pngSignature)) return { mime: 'image/png', width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
    const head = bytes.toString('latin1', 0, 12)
    if (head.startsWith('GIF8')) return { mime: 'image/gif', width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) }
    if (head.startsWith('RIFF') && head.endsWith('WEBP')) return webp(bytes)
    if (bytes[0] === 0xff && bytes[1] === 0xd8) return jpeg(bytes)
    return undefined
  } catch {
    return undefined // shorter than its header promises
  }
}

const pngSignature = Buffer.from('89504e470d0a1a0a', 'hex')

function webp(bytes: Buffer): ImageFacts | undefined {
  const chunk = bytes.toString('latin1', 12, 16)
  if (chunk === 'VP8X') return { mime: 'image/webp', width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 }
  if (chunk === 'VP8L') {
    const bits = bytes.readUInt32LE(21)
    return { mime: 'image/webp', width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
  }
  if (chunk === 'VP8 ') return { mime: 'image/webp', width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff }
  return undefined
}

/** Walks the segments to the first start-of-frame. */
function jpeg(bytes: Buffer): ImageFacts | undefined {
  let at = 2
  while (at + 9 < bytes.length) {
    if (bytes[at] !== 0xff) return undefined
    const marker = bytes[at + 1] ?? 0
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
    if (isFrame) return { mime: 'image/jpeg', height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) }
    at += 2 + bytes.readUInt16BE(at + 2)
  }
  return undefined
}

/**
 * A valid, even grey baseline JPEG of this size: platforms send thumbnails beside the picture, and whoever keeps the thumbnail
 * instead of the picture shall be seen doing so.
 */
export function greyJpeg(width: number, height: number): Buffer {
  const blocks = Math.ceil(width / 8) * Math.ceil(height / 8)
  const size = Buffer.alloc(4)
  size.writeUInt16BE(height, 0)
  size.writeUInt16BE(width, 2)
  // every block is two bits: no difference of brightness, end of block; the last byte is filled with ones
  const scan = Buffer.alloc(Math.ceil((blocks * 2) / 8))
  const free = scan.length * 8 - blocks * 2
  scan[scan.length - 1] = (1 << free) - 1
  return Buffer.concat([
    Buffer.from('ffd8ffdb004300', 'hex'),
    Buffer.alloc(64, 1),
    Buffer.from('ffc0000b08', 'hex'),
    size,
    Buffer.from('01011100', 'hex'),
    Buffer.from(`ffc4001400${'01'.padEnd(32, '0')}00`, 'hex'),
    Buffer.from(`ffc4001410${'01'.padEnd(32, '0')}00`, 'hex'),
    Buffer.from('ffda0008010100003f00', 'hex'),
    scan,
    Buffer.from('ffd9', 'hex'),
  ])
}
