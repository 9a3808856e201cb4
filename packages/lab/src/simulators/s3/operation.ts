/** What an S3 request asks for, from its method, path and query. */
export interface S3Call {
  operation: string
  bucket: string
  /** decoded; empty for calls about the bucket */
  key: string
}

export const s3Operations: readonly string[] = [
  'PutObject',
  'GetObject',
  'HeadObject',
  'DeleteObject',
  'DeleteObjects',
  'CreateMultipartUpload',
  'UploadPart',
  'CompleteMultipartUpload',
  'AbortMultipartUpload',
  'ListObjects',
]

export function readCall(method: string, url: URL): S3Call {
  const [, bucket = '', ...rest] = url.pathname.split('/')
  const key = decoded(rest.join('/'))
  return { operation: operationOf(method, key, url.searchParams), bucket: decoded(bucket), key }
}

function operationOf(method: string, key: string, query: URLSearchParams): string {
  if (key === '') {
    if (method === 'POST' && query.has('delete')) return 'DeleteObjects'
    return method === 'GET' ? 'ListObjects' : `${method} bucket`
  }
  if (query.has('uploadId')) {
    if (method === 'PUT') return 'UploadPart'
    if (method === 'POST') return 'CompleteMultipartUpload'
    if (method === 'DELETE') return 'AbortMultipartUpload'
  }
  if (method === 'POST' && query.has('uploads')) return 'CreateMultipartUpload'
  return { PUT: 'PutObject', GET: 'GetObject', HEAD: 'HeadObject', DELETE: 'DeleteObject' }[method] ?? method
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
