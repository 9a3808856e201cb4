/** One part of a multipart body (RFC 7578), its bytes untouched. */
export interface MultipartPart {
  name: string
  fileName: string | undefined
  contentType: string | undefined
  headers: Headers
  bytes: Buffer
}

const lineEnd = Buffer.from('\r\n')
const headEnd = Buffer.from('\r\n\r\n')

/** Throws when the body is not what its content type says. */
export function readMultipart(contentType: string, body: Buffer): MultipartPart[] {
  const boundary = parameter(contentType, 'boundary')
  if (boundary === undefined) throw new Error(`no boundary in the content type "${contentType}"`)
  const delimiter = Buffer.from(`\r\n--${boundary}`)
  // the first delimiter needs no line before it
  const framed = Buffer.concat([lineEnd, body])
  const parts: MultipartPart[] = []
  for (let at = framed.indexOf(delimiter); at !== -1; ) {
    const start = at + delimiter.length
    if (framed.subarray(start, start + 2).toString() === '--') return parts
    const end = framed.indexOf(delimiter, start)
    if (end === -1) break
    parts.push(readPart(framed.subarray(start + lineEnd.length, end)))
    at = end
  }
  throw new Error('the multipart body has no closing delimiter')
}

function readPart(bytes: Buffer): MultipartPart {
  const end = bytes.indexOf(headEnd)
  if (end === -1) throw new Error('a part of the multipart body has no end of its headers')
  const lines = bytes.subarray(0, end).toString('utf8').split('\r\n')
  const headers = new Headers()
  let disposition = ''
  for (const line of lines) {
    const colon = line.indexOf(':')
    const [name, value] = [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    // file names are UTF-8 (RFC 7578 section 5.1), which Headers does not take
    if (name === 'content-disposition') disposition = value
    else headers.append(name, value)
  }
  return {
    name: parameter(disposition, 'name') ?? '',
    fileName: parameter(disposition, 'filename'),
    contentType: headers.get('content-type') ?? undefined,
    headers,
    bytes: bytes.subarray(end + headEnd.length),
  }
}

function parameter(value: string, name: string): string | undefined {
  const match = new RegExp(`;\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s]+))`, 'i').exec(value)
  return match?.[1]?.replace(/\\(.)/g, '$1') ?? match?.[2]
}
