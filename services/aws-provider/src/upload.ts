import type { Readable } from 'node:stream'
import type { PutObjectCommandInput } from '@aws-sdk/client-s3'
import type { StorageContext, StorageObject } from '@um/shared/contract'
import { type Bucket, openBucket } from './client.ts'
import { partsOf, returnPartBuffer, takePartBuffer } from './parts.ts'
import { isPublicRead, type Settings } from './urls.ts'

type Facts = Omit<PutObjectCommandInput, 'Body' | 'ContentLength'>

/**
 * Streams an object into the bucket. With a known size it is one PUT that holds nothing but the chunk in hand; without, S3 wants to know the length of each
 * part, so that one part is in memory.
 */
export async function putObject(object: StorageObject, body: Readable, settings: Settings, ctx: StorageContext, signal: AbortSignal): Promise<void> {
  const bucket = await openBucket(settings, ctx)
  // the SDK pipes a body without listening to its errors: the request would wait for ever
  const broken = new AbortController()
  const onError = (error: Error): void => broken.abort(error)
  body.once('error', onError)
  try {
    const abortSignal = AbortSignal.any([signal, broken.signal])
    const facts = factsOf(object, settings)
    if (object.size === undefined) await putParts(bucket, facts, body, ctx, abortSignal)
    else await bucket.client.send(new bucket.sdk.PutObjectCommand({ ...facts, Body: body, ContentLength: object.size }), { abortSignal })
  } finally {
    body.off('error', onError)
  }
}

/** The ACL goes with the PUT, or with the request that begins a multipart upload; parts have none. */
function factsOf(object: StorageObject, settings: Settings): Facts {
  return {
    Bucket: settings.bucket,
    Key: object.key,
    ContentType: object.mime,
    ContentDisposition: object.disposition,
    CacheControl: object.cacheControl,
    Metadata: object.metadata,
    ...(isPublicRead(settings) ? { ACL: 'public-read' as const } : {}),
  }
}

async function putParts(bucket: Bucket, facts: Facts, body: Readable, ctx: StorageContext, abortSignal: AbortSignal): Promise<void> {
  const { client, sdk } = bucket
  const { Bucket, Key } = facts
  const buffer = takePartBuffer()
  const done: { ETag: string | undefined; PartNumber: number }[] = []
  let UploadId: string | undefined
  try {
    for await (const { bytes, isLast } of partsOf(body, buffer)) {
      if (isLast && UploadId === undefined) {
        await client.send(new sdk.PutObjectCommand({ ...facts, Body: bytes }), { abortSignal })
        break
      }
      UploadId ??= await beginParts(bucket, facts, abortSignal)
      const PartNumber = done.length + 1
      const { ETag } = await client.send(new sdk.UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body: bytes }), { abortSignal })
      done.push({ ETag, PartNumber })
    }
    if (UploadId !== undefined)
      await client.send(new sdk.CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts: done } }), { abortSignal })
  } catch (error) {
    // the buffer is left to the collector: a connection that is being broken off may still read it
    if (UploadId !== undefined) await abandon(bucket, { Bucket, Key, UploadId }, ctx)
    throw error
  }
  returnPartBuffer(buffer)
}

async function beginParts({ client, sdk }: Bucket, facts: Facts, abortSignal: AbortSignal): Promise<string> {
  const { UploadId } = await client.send(new sdk.CreateMultipartUploadCommand(facts), { abortSignal })
  if (UploadId === undefined) throw new Error('the storage gave no id for a multipart upload')
  return UploadId
}

/** Parts of an upload that was not completed cost money. The error that led here is what counts, so a failure is only told. */
async function abandon(
  { client, sdk }: Bucket,
  upload: { Bucket: string | undefined; Key: string | undefined; UploadId: string },
  ctx: StorageContext,
): Promise<void> {
  try {
    await client.send(new sdk.AbortMultipartUploadCommand(upload), { abortSignal: AbortSignal.timeout(10_000) })
  } catch (error) {
    ctx.log.debug(
      { err: error, bucket: upload.Bucket },
      'an incomplete multipart upload could not be removed: a lifecycle rule AbortIncompleteMultipartUpload of 1 day does it',
    )
  }
}
