import type { StorageContext, StorageImplementation } from '@um/shared/contract'
import { openBucket } from './client.ts'
import { advise, classify } from './errors.ts'
import { removeObjects } from './removal.ts'
import { putObject } from './upload.ts'
import { publicUrl, type Settings } from './urls.ts'

/** The most that S3 allows for keys of a user. */
const lifetimeSeconds = 604_800

export const provider: StorageImplementation<Settings> = {
  put: putObject,
  url: (key, settings, ctx) => (settings.accessMode === 'presigned' ? presignedUrl(key, settings, ctx) : Promise.resolve({ url: publicUrl(key, settings) })),
  remove: removeObjects,
  classify,
  advice: advise,
}

async function presignedUrl(Key: string, settings: Settings, ctx: StorageContext): Promise<{ url: string; expiresAt: Date }> {
  const { client, sdk } = await openBucket(settings, ctx)
  const signingDate = ctx.now()
  const url = await sdk.getSignedUrl(client, new sdk.GetObjectCommand({ Bucket: settings.bucket, Key }), { expiresIn: lifetimeSeconds, signingDate })
  return { url, expiresAt: new Date(signingDate.getTime() + lifetimeSeconds * 1000) }
}
