import type { StorageContext } from '@um/shared/contract'
import { openBucket } from './client.ts'
import type { Settings } from './urls.ts'

/** The most that S3 allows: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html */
const maxLifetimeSeconds = 604_800

/** A URL by which anyone can read one object of a private bucket for a while. Signed here, without asking S3. */
export async function presignedUrl(
  Key: string,
  settings: Settings,
  ctx: StorageContext,
  expiresIn = maxLifetimeSeconds,
): Promise<{ url: string; expiresAt: Date }> {
  const { client, sdk } = await openBucket(settings, ctx)
  const signingDate = ctx.now()
  const url = await sdk.getSignedUrl(client, new sdk.GetObjectCommand({ Bucket: settings.bucket, Key }), { expiresIn, signingDate })
  return { url, expiresAt: new Date(signingDate.getTime() + expiresIn * 1000) }
}
