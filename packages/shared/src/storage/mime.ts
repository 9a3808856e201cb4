import { sniffMime } from './sniff.ts'

/** The first extension of a type is the one that is given to nameless files. */
const extensions: Readonly<Record<string, readonly string[]>> = {
  'image/jpeg': ['jpg', 'jpeg', 'jpe'],
  'image/png': ['png'],
  'image/gif': ['gif'],
  'image/webp': ['webp'],
  'image/bmp': ['bmp'],
  'image/tiff': ['tiff', 'tif'],
  'image/heic': ['heic'],
  'image/heif': ['heif'],
  'image/avif': ['avif'],
  'image/svg+xml': ['svg'],
  'image/vnd.microsoft.icon': ['ico'],
  'audio/mpeg': ['mp3'],
  'audio/mp4': ['m4a'],
  'audio/aac': ['aac'],
  'audio/ogg': ['ogg', 'oga', 'opus'],
  'audio/wav': ['wav'],
  'audio/flac': ['flac'],
  'audio/amr': ['amr'],
  'audio/webm': ['weba'],
  'video/mp4': ['mp4', 'm4v'],
  'video/quicktime': ['mov'],
  'video/3gpp': ['3gp'],
  'video/webm': ['webm'],
  'video/x-matroska': ['mkv'],
  'video/x-msvideo': ['avi'],
  'video/ogg': ['ogv'],
  'application/pdf': ['pdf'],
  'application/zip': ['zip'],
  'application/gzip': ['gz'],
  'application/x-7z-compressed': ['7z'],
  'application/vnd.rar': ['rar'],
  'application/rtf': ['rtf'],
  'application/json': ['json'],
  'application/xml': ['xml'],
  'application/msword': ['doc'],
  'application/vnd.ms-excel': ['xls'],
  'application/vnd.ms-powerpoint': ['ppt'],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': ['docx'],
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': ['xlsx'],
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': ['pptx'],
  'application/vnd.oasis.opendocument.text': ['odt'],
  'application/vnd.oasis.opendocument.spreadsheet': ['ods'],
  'application/vnd.oasis.opendocument.presentation': ['odp'],
  'application/epub+zip': ['epub'],
  'text/plain': ['txt', 'log'],
  'text/csv': ['csv'],
  'text/calendar': ['ics'],
  'text/vcard': ['vcf'],
  'text/html': ['html', 'htm'],
  'text/javascript': ['js', 'mjs'],
  'application/xhtml+xml': ['xhtml'],
}
const byExtension = new Map(Object.entries(extensions).flatMap(([mime, names]) => names.map(name => [name, mime] as const)))

const unknownType = 'application/octet-stream'
/** What senders say when they do not know. */
const generic = new Set([unknownType, 'binary/octet-stream', 'application/unknown', 'application/x-download', 'application/force-download', '*/*'])

/** Types that run, or that lead a browser to run something, when they are opened in place. */
const active = new Set([
  'text/html',
  'text/xsl',
  'text/javascript',
  'text/ecmascript',
  'text/vbscript',
  'text/x-shellscript',
  'text/x-php',
  'multipart/x-mixed-replace',
  'message/rfc822',
  'application/javascript',
  'application/x-javascript',
  'application/ecmascript',
  'application/wasm',
  'application/hta',
  'application/java-archive',
  'application/vnd.microsoft.portable-executable',
  'application/x-msdownload',
  'application/x-msdos-program',
  'application/x-executable',
  'application/x-mach-binary',
  'application/x-sh',
  'application/x-csh',
  'application/x-httpd-php',
  'application/x-shockwave-flash',
])

export function isActiveType(mime: string): boolean {
  return active.has(mime) || /[/+]xml$/.test(mime)
}

/** Undefined when no extension is known for the type. */
export function extensionOf(mime: string): string | undefined {
  return extensions[mime]?.[0]
}

/** Lower case and without parameters; undefined when it is no media type, or says nothing. */
export function plainMime(text: string | undefined): string | undefined {
  const mime = text?.split(';')[0]?.trim().toLowerCase()
  if (mime === undefined || mime.length > 127 || generic.has(mime)) return undefined
  return /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/.test(mime) ? mime : undefined
}

/**
 * The type under which an object is stored. What the sender declared wins, except over a file whose first bytes show that it is something active: then
 * the truth is told, so that it is served as an attachment.
 */
export function chooseMime(file: { declared?: string | undefined; name?: string | undefined; head: Buffer }): string {
  const declared = plainMime(file.declared)
  const sniffed = sniffMime(file.head)
  if (sniffed !== undefined && isActiveType(sniffed) && !(declared !== undefined && isActiveType(declared))) return sniffed
  if (declared !== undefined) return declared
  const named = byExtension.get(/\.([A-Za-z0-9]{1,10})$/.exec(file.name ?? '')?.[1]?.toLowerCase() ?? '')
  if (sniffed === undefined) return named ?? unknownType
  return isContainer(sniffed) ? (named ?? sniffed) : sniffed
}

/** Many formats are zip or OLE files inside; their names say more than their first bytes. */
function isContainer(mime: string): boolean {
  return mime === 'application/zip' || mime === 'application/x-ole-storage'
}
