/** How many first bytes `sniffMime` can make use of. */
export const sniffBytes = 4096

interface Signature {
  readonly mime: string
  readonly at?: number
  /** Latin-1 text, one character per byte */
  readonly bytes: string
}

const signatures: readonly Signature[] = [
  { mime: 'image/png', bytes: '\x89PNG\r\n\x1a\n' },
  { mime: 'image/jpeg', bytes: '\xff\xd8\xff' },
  { mime: 'image/gif', bytes: 'GIF87a' },
  { mime: 'image/gif', bytes: 'GIF89a' },
  { mime: 'image/tiff', bytes: 'II*\0' },
  { mime: 'image/tiff', bytes: 'MM\0*' },
  { mime: 'image/vnd.microsoft.icon', bytes: '\0\0\x01\0' },
  { mime: 'audio/mpeg', bytes: 'ID3' },
  { mime: 'audio/flac', bytes: 'fLaC' },
  { mime: 'audio/amr', bytes: '#!AMR' },
  { mime: 'application/pdf', bytes: '%PDF-' },
  { mime: 'application/gzip', bytes: '\x1f\x8b\x08' },
  { mime: 'application/x-7z-compressed', bytes: '7z\xbc\xaf\x27\x1c' },
  { mime: 'application/vnd.rar', bytes: 'Rar!\x1a\x07' },
  { mime: 'application/rtf', bytes: '{\\rtf' },
  { mime: 'application/x-ole-storage', bytes: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' },
  { mime: 'application/x-executable', bytes: '\x7fELF' },
  { mime: 'application/x-mach-binary', bytes: '\xcf\xfa\xed\xfe' },
  { mime: 'application/x-mach-binary', bytes: '\xce\xfa\xed\xfe' },
  { mime: 'application/wasm', bytes: '\0asm' },
  { mime: 'text/x-shellscript', bytes: '#!' },
]

const riff: Readonly<Record<string, string>> = { WEBP: 'image/webp', WAVE: 'audio/wav', 'AVI ': 'video/x-msvideo' }
const brands: readonly (readonly [RegExp, string])[] = [
  [/^avi[fs]/, 'image/avif'],
  [/^(?:heic|heix|hevc|hevx)/, 'image/heic'],
  [/^(?:mif1|msf1)/, 'image/heif'],
  [/^M4[AB] /, 'audio/mp4'],
  [/^qt {2}/, 'video/quicktime'],
  [/^3g[ep2]/, 'video/3gpp'],
]
const office: readonly (readonly [string, string])[] = [
  ['word/', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ['xl/', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  ['ppt/', 'application/vnd.openxmlformats-officedocument.presentationml.presentation'],
]
/** The tags by which browsers recognise HTML: https://mimesniff.spec.whatwg.org/#identifying-a-resource-with-an-unknown-mime-type */
const html = /^<(?:!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p)[\s>/]|^<!--/i

/** The media type that a file's first bytes show; undefined when they show none. */
export function sniffMime(head: Buffer): string | undefined {
  return sniffFamily(head) ?? signatures.find(({ bytes, at = 0 }) => startsWith(head, bytes, at))?.mime ?? sniffText(head)
}

/** Formats with a common frame, told apart by what is inside. */
function sniffFamily(head: Buffer): string | undefined {
  if (startsWith(head, 'RIFF')) return riff[latin(head, 8, 12)]
  if (startsWith(head, 'ftyp', 4)) return sniffBrand(latin(head, 8, 12))
  if (startsWith(head, 'PK\x03\x04')) return sniffZip(head)
  if (startsWith(head, 'OggS')) return latin(head, 28, 64).includes('theora') ? 'video/ogg' : 'audio/ogg'
  if (startsWith(head, '\x1aE\xdf\xa3')) return latin(head, 4, 64).includes('webm') ? 'video/webm' : 'video/x-matroska'
  if (startsWith(head, 'MZ') && startsWith(head, 'PE\0\0', head.length >= 64 ? head.readUInt32LE(60) : 0))
    return 'application/vnd.microsoft.portable-executable'
  if (startsWith(head, 'BM') && startsWith(head, '\0\0\0\0', 6)) return 'image/bmp'
  return sniffMpegAudio(head)
}

function sniffBrand(brand: string): string {
  return brands.find(([pattern]) => pattern.test(brand))?.[1] ?? 'video/mp4'
}

/** OpenDocument and EPUB name their type in the first entry; Office is known by its folders. */
function sniffZip(head: Buffer): string {
  if (startsWith(head, 'mimetype', 30)) {
    const named = /^application\/(?:vnd\.oasis\.opendocument\.[a-z]+|epub\+zip)/.exec(latin(head, 38, 120))?.[0]
    if (named !== undefined) return named
  }
  const text = latin(head, 30, head.length)
  if (text.includes('[Content_Types].xml') || text.includes('_rels/')) return office.find(([folder]) => text.includes(folder))?.[1] ?? 'application/zip'
  return 'application/zip'
}

/** Frame header: 11 bits of sync; layer 0 is AAC in ADTS, layer 1 to 3 are MPEG audio with a valid bit rate and sampling rate. */
function sniffMpegAudio(head: Buffer): string | undefined {
  const [sync = 0, flags = 0, rates = 0] = head
  if (sync !== 0xff || (flags & 0xe0) !== 0xe0) return undefined
  if ((flags & 0xf6) === 0xf0) return 'audio/aac'
  const isValid = (flags & 0x18) !== 0x08 && (flags & 0x06) !== 0 && (rates & 0xf0) !== 0xf0 && (rates & 0x0c) !== 0x0c
  return isValid ? 'audio/mpeg' : undefined
}

function sniffText(head: Buffer): string | undefined {
  const text = head.toString('utf8').replace(/^\ufeff?\s*/, '')
  if (html.test(text)) return 'text/html'
  if (/^<svg[\s>]/i.test(text)) return 'image/svg+xml'
  if (/^<(?:\?xml|!doctype|!entity)\s/i.test(text)) {
    if (/<svg[\s>]/i.test(text)) return 'image/svg+xml'
    return /<html[\s>]/i.test(text) ? 'application/xhtml+xml' : 'application/xml'
  }
  if (/^<\?php\s/i.test(text)) return 'text/x-php'
  return /^BEGIN:VCARD\r?\n/i.test(text) ? 'text/vcard' : undefined
}

function startsWith(head: Buffer, bytes: string, at = 0): boolean {
  return head.length >= at + bytes.length && latin(head, at, at + bytes.length) === bytes
}
function latin(head: Buffer, from: number, to: number): string {
  return head.toString('latin1', from, to)
}
