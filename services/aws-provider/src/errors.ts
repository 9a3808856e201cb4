import type { Failure } from '@um/shared/contract'
import { NotPublic } from '@um/shared/storage'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const transient = new Set([
  'InternalError',
  'OperationAborted',
  'RequestTimeout',
  'ServiceUnavailable',
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'RequestLimitExceeded',
  'TimeoutError',
  'AbortError',
  // one replica's clock is wrong: another replica, or the same one once it is set, signs a time that is taken
  'RequestTimeTooSkewed',
])
const refusedContent: Readonly<Record<string, 'tooLarge' | 'content'>> = { EntityTooLarge: 'tooLarge', KeyTooLongError: 'content', MetadataTooLarge: 'content' }
/** The request never reached S3. */
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])

/** What the SDK's errors carry. */
interface AwsFacts {
  $metadata?: { httpStatusCode?: number }
  /** where the bucket is, when it is elsewhere */
  Region?: string
  $response?: { headers?: Record<string, string> }
}

/** S3's own word for the error, or Node's for one of the connection. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if (statusOf(error) === undefined && 'code' in error && typeof error.code === 'string') return error.code
  return error.name === 'Error' ? undefined : error.name
}

export function classify(error: unknown): Failure {
  const status = statusOf(error)
  const code = codeOf(error)
  const why = describe(error, code, status)
  const refused = refusedContent[code ?? '']
  if (refused !== undefined) return { kind: 'content', why, code: refused }
  if (code !== undefined && transient.has(code)) return { kind: 'retryable', why, certain: status !== undefined }
  if (status === undefined) return { kind: 'retryable', why, certain: neverSent.has(code ?? '') }
  if ((status >= 500 && status !== 501) || status === 429 || status === 408) return { kind: 'retryable', why, certain: true }
  // keys, permissions, region, bucket: nothing changes until an administrator does something
  return { kind: 'subscription', why }
}

/** What to do about an error of the check; undefined when its message says it all. */
export function advise(error: unknown): string | undefined {
  if (error instanceof NotPublic) return adviseUnreadable(error)
  const code = codeOf(error)
  const { Region, $response } = factsOf(error)
  const region = Region ?? $response?.headers?.['x-amz-bucket-region']
  switch (code) {
    case 'AccessControlListNotSupported':
      return 'ACLs are disabled on this bucket. Set its Object Ownership to "Bucket owner preferred" and turn "Block public access granted through ACLs" off; or give a CloudFront URL; or set the access to "presigned".'
    case 'AccessDenied':
    case 'AllAccessDisabled':
      return 'Allow s3:PutObject, s3:PutObjectAcl and s3:DeleteObject on the objects of this bucket to the user of the access key. If that is so, "Block public access granted through ACLs" of the bucket refuses public objects: turn it off, give a CloudFront URL, or set the access to "presigned".'
    case 'InvalidAccessKeyId':
      return 'The access key identifier does not exist. Keys may have been replaced or switched off: create one for the user of this bucket.'
    case 'SignatureDoesNotMatch':
      return 'The secret access key does not belong to the access key identifier. Copy both again.'
    case 'RequestTimeTooSkewed':
      return 'The clock of the machine differs from the time at AWS by more than 15 minutes.'
    case 'NoSuchBucket':
      return 'There is no bucket of this name. Check its spelling, and create it in the region that is chosen here.'
    case 'PermanentRedirect':
    case 'TemporaryRedirect':
    case 'AuthorizationHeaderMalformed':
    case 'IllegalLocationConstraintException':
      return `The bucket is in another region${region === undefined ? '' : `: ${region}`}. Choose the region that the console shows beside the bucket.`
    case 'NotImplemented':
      return 'This storage does not know public objects. Set the access to "presigned".'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'The host name cannot be resolved. Check the API URL, if one is given, and whether the Internet is reached through an outbound proxy.'
    default:
      return undefined
  }
}

function adviseUnreadable({ status }: NotPublic): string | undefined {
  if (status === 403) {
    return 'Objects are stored, but not readable by their URL. With CloudFront: allow the distribution to read the bucket (bucket policy with s3:GetObject on "<bucket>/*"). Without: turn "Block public access" off for ACLs, or set the access to "presigned".'
  }
  if (status === 404)
    return 'The URL leads to another place than the bucket. Check that the origin of the CloudFront distribution is this bucket and has no origin path.'
  return status === undefined ? 'Check the host name of the CloudFront URL, and whether this installation may reach it.' : undefined
}

function factsOf(error: unknown): AwsFacts {
  return error instanceof Error ? (error as AwsFacts) : {}
}

function statusOf(error: unknown): number | undefined {
  const status = factsOf(error).$metadata?.httpStatusCode
  return status === undefined || status < 0 ? undefined : status
}

function describe(error: unknown, code: string | undefined, status: number | undefined): string {
  const message = error instanceof Error ? error.message : String(error)
  const named = code === undefined || message.startsWith(code) ? message : `${code}: ${message}`
  return status === undefined ? named : `${named} (HTTP ${status})`
}
