import type { StorageContext } from '@um/shared/contract'
import { type Bucket, openBucket } from './client.ts'
import { codeOf } from './errors.ts'
import type { Settings } from './urls.ts'

const maxKeys = 1000
/** What S3 storages answer that know only the removal of one object. */
const oneByOne = new Set(['NotImplemented', 'MissingContentMD5', 'MethodNotAllowed'])

/** One of several objects could not be removed. */
export class NotRemoved extends Error {
  /** the answer as a whole was a success */
  readonly $metadata = { httpStatusCode: 200 }
  constructor(code: string, message: string) {
    super(message)
    this.name = code
  }
}

export async function removeObjects(keys: readonly string[], settings: Settings, ctx: StorageContext): Promise<void> {
  const bucket = await openBucket(settings, ctx)
  for (let from = 0; from < keys.length; from += maxKeys) await removeSome(bucket, settings.bucket, keys.slice(from, from + maxKeys))
}

async function removeSome(bucket: Bucket, name: string, keys: readonly string[]): Promise<void> {
  const { client, sdk } = bucket
  if (keys.length === 1) return removeEach(bucket, name, keys)
  try {
    const { Errors } = await client.send(new sdk.DeleteObjectsCommand({ Bucket: name, Delete: { Objects: keys.map(Key => ({ Key })), Quiet: true } }))
    const first = Errors?.find(error => error.Code !== 'NoSuchKey')
    if (first !== undefined) throw new NotRemoved(first.Code ?? 'InternalError', first.Message ?? 'an object could not be removed')
  } catch (error) {
    if (!oneByOne.has(codeOf(error) ?? '')) throw error
    await removeEach(bucket, name, keys)
  }
}

async function removeEach({ client, sdk }: Bucket, name: string, keys: readonly string[]): Promise<void> {
  for (const Key of keys) {
    try {
      await client.send(new sdk.DeleteObjectCommand({ Bucket: name, Key }))
    } catch (error) {
      // S3 answers 204 for a missing object, others 404
      if (codeOf(error) !== 'NoSuchKey') throw error
    }
  }
}
