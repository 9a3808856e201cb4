import type { StorageSettingsOf } from '@um/shared/contract'
import { encodeKey } from '@um/shared/storage'
import type { aws } from './definition.ts'
import { domainOf } from './regions.ts'

export type Settings = StorageSettingsOf<typeof aws>

/** Objects are given the ACL `public-read` if and only if nothing else makes them readable. */
export function isPublicRead(settings: Settings): boolean {
  return settings.accessMode === 'auto' && settings.cloudFrontUrl === undefined
}

/** The address under which anyone can read an object that is public, or that CloudFront serves. */
export function publicUrl(key: string, settings: Settings): string {
  const path = encodeKey(key)
  const { cloudFrontUrl, apiUrl, bucket, region } = settings
  if (cloudFrontUrl !== undefined) return `${cloudFrontUrl}/${path}`
  if (apiUrl !== undefined) return settings.forcePathStyle ? `${apiUrl}/${bucket}/${path}` : `${withHost(apiUrl, bucket)}/${path}`
  const host = `s3.${region}.${domainOf(region)}`
  // a dot in the bucket's name does not match the certificate of *.s3.<region>.amazonaws.com
  return bucket.includes('.') ? `https://${host}/${bucket}/${path}` : `https://${bucket}.${host}/${path}`
}

function withHost(apiUrl: string, bucket: string): string {
  return apiUrl.replace('://', `://${bucket}.`)
}
