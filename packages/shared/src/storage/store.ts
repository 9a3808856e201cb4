import { randomBytes, randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { StorageObject } from '../contract/storage.ts'
import { BodyRefused, type OpenBody, openBody } from './body.ts'
import type { StorageCore, StorageView } from './core.ts'
import { failureError, refusal } from './failure.ts'
import { type Conversation, keys } from './keys.ts'
import { chooseMime } from './mime.ts'
import { cacheControl, contentDisposition, conversationFolder, objectKey, safeName, shownName } from './names.ts'
import { type ObjectRecord, RecordsAway } from './records.ts'
import { removeGivenUp } from './removal.ts'
import { Stall } from './stall.ts'
import type { UploadSlots } from './upload-slots.ts'

/** What comes with the bytes. `sourceId`: what makes a repeat recognisable. `at`: the time of the message; default now. */
export interface StoreRequest extends Conversation {
  storageId: string
  sourceId: string
  name?: string | undefined
  mime?: string | undefined
  size?: number | undefined
  at?: Date | undefined
}
export interface StoredObject {
  objectId: string
  url: string
  name: string
  mime: string
  size: number
  /** ISO 8601; absent when the URL does not expire before the object is removed */
  expiresAt?: string
}

const heartbeatMilliseconds = 10_000
/** Clouds want to know the length of what comes: without it, a piece of some MiB is held in memory before it is sent. */
const unknownSizeWeight = 4

/**
 * Stores a source once: a repeat gets the first answer, with a fresh URL when URLs expire, and reads nothing from `source`. Throws ApiError, BodyRefused or
 * RecordsAway. The source is neither drained nor destroyed.
 */
export async function storeObject(core: StorageCore, slots: UploadSlots, request: StoreRequest, source: Readable, signal: AbortSignal): Promise<StoredObject> {
  const storage = core.view(request.storageId)
  if (storage === undefined) throw refusal('notFound', 'the storage is not known here', true, { afterSeconds: 5 })
  const sourceKey = keys.source(request, request.sourceId)
  const known = await core.records.findBySource(sourceKey)
  if (known !== undefined) return answer(core, known)
  const { maxFileSize } = storage.settings
  if (request.size !== undefined && request.size > maxFileSize) throw new BodyRefused('tooLarge', `the file is larger than ${maxFileSize} bytes`)

  const leave = await slots.take(request.storageId, request.size === undefined ? unknownSizeWeight : 1, signal)
  try {
    const id = randomUUID()
    const claim = await core.records.claim(sourceKey, id)
    if (claim.state === 'stored') return await answer(core, claim.object)
    if (claim.state === 'busy') throw refusal('conflict', 'this source is being stored at the moment', true, { afterSeconds: 2 })
    return await storeClaimed({ core, storage, request, source, id, sourceKey, signal })
  } finally {
    leave()
  }
}

interface Job {
  core: StorageCore
  storage: StorageView
  request: StoreRequest
  source: Readable
  id: string
  sourceKey: string
  signal: AbortSignal
}
const storedElsewhere = () => refusal('conflict', 'this source is being stored elsewhere', true, { afterSeconds: 2 })

async function storeClaimed(job: Job): Promise<StoredObject> {
  const { core, storage, request, source, id, sourceKey } = job
  const stall = new Stall(core.options.stallMilliseconds ?? 60_000, job.signal)
  const heartbeat = setInterval(() => {
    // while Redis is away the claim lives on for 30 s; a lost one ends the upload
    core.records.renew({ source: sourceKey, id }, core.options.now()).then(
      kept => kept || stall.abort(storedElsewhere()),
      () => undefined,
    )
  }, heartbeatMilliseconds)
  let begun: ObjectRecord | undefined
  try {
    const body = await stall.race(openBody(source, { maxBytes: storage.settings.maxFileSize, declaredBytes: request.size, onChunk: () => stall.moved() }))
    try {
      const draft = draftRecord(job, body)
      await core.records.begin(draft)
      begun = draft
      return await upload(job, draft, body, stall)
    } finally {
      body.close()
    }
  } catch (error) {
    if (begun !== undefined) await tidyUp(job, begun, error)
    throw error
  } finally {
    clearInterval(heartbeat)
    stall.end()
    if (begun === undefined) await core.records.release({ source: sourceKey, id }).catch(() => undefined)
  }
}

async function upload({ core, storage, request }: Job, draft: ObjectRecord, body: OpenBody, stall: Stall): Promise<StoredObject> {
  const { implementation, options, records } = core
  await put(core, storage, storageObject(core, storage, draft, request.size), body, stall)
  const storedAt = options.now().getTime()
  const { url, expiresAt } = await implementation.url(draft.key, storage.settings, core.context())
  const object = { ...draft, size: body.bytes, storedAt, ...(expiresAt === undefined ? { url } : {}) }
  if (!(await records.finish(object))) throw storedElsewhere()
  options.report({ kind: 'stored', storageId: storage.id, bytes: body.bytes, milliseconds: storedAt - draft.startedAt })
  return answerOf(object, url, expiresAt)
}

async function put(core: StorageCore, storage: StorageView, object: StorageObject, body: OpenBody, stall: Stall): Promise<void> {
  // some SDKs pipe a body without listening to its errors, and would wait for ever
  body.stream.once('error', () => {
    if (body.refusal !== undefined) stall.abort(body.refusal)
  })
  try {
    await stall.race(core.implementation.put(object, body.stream, storage.settings, core.context(), stall.signal))
  } catch (error) {
    if (stall.reason !== undefined) throw stall.reason
    if (body.refusal !== undefined) throw body.refusal
    const failure = core.implementation.classify(error)
    core.options.log.info({ err: error, storageId: storage.id, kind: failure.kind }, 'an object could not be stored')
    core.options.report({ kind: 'refused', storageId: storage.id, failure })
    throw failureError(failure)
  }
  if (body.refusal !== undefined) throw body.refusal
  if (!body.isComplete) throw new BodyRefused('interrupted', 'not all bytes were taken')
}

/** After a body that broke, nothing more can arrive in the cloud: what it took is removed now. In all other cases the worker does it later, and tries again. */
async function tidyUp({ core, storage }: Job, begun: ObjectRecord, error: unknown): Promise<void> {
  const isSettled = error instanceof BodyRefused && (error.fault === 'tooLarge' || error.fault === 'tooLong' || error.fault === 'tooShort')
  try {
    await core.records.giveUp(begun, core.options.now(), isSettled)
    if (isSettled) await removeGivenUp(core, storage, begun)
  } catch (cause) {
    // its claim and its record of being stored end by themselves
    if (!(cause instanceof RecordsAway)) throw cause
  }
}

function draftRecord({ core, storage, request, id, sourceKey }: Job, body: OpenBody): ObjectRecord {
  const { tenantId, guest } = request
  const startedAt = core.options.now().getTime()
  const mime = chooseMime({ declared: request.mime, name: request.name, head: body.head })
  const key = objectKey({
    prefix: storage.settings.prefix,
    tenantId,
    conversation: conversationFolder(core.options.internalToken, tenantId, guest),
    random: randomBytes(16),
    name: safeName(request.name, mime),
  })
  const at = Math.min(request.at?.getTime() ?? startedAt, startedAt)
  return { id, storageId: storage.id, tenantId, guest, key, name: shownName(request.name, mime), mime, source: sourceKey, at, startedAt }
}

function storageObject(core: StorageCore, storage: StorageView, draft: ObjectRecord, size: number | undefined): StorageObject {
  return {
    key: draft.key,
    mime: draft.mime,
    disposition: contentDisposition(draft.name, draft.mime),
    cacheControl: cacheControl(storage.purgeDelay),
    metadata: { tenant: draft.tenantId, conversation: conversationFolder(core.options.internalToken, draft.tenantId, draft.guest) },
    ...(size === undefined ? {} : { size }),
  }
}

/** The answer for an object that is stored: its URL as it was, or a fresh one. */
async function answer(core: StorageCore, object: ObjectRecord): Promise<StoredObject> {
  if (object.url !== undefined) return answerOf(object, object.url, undefined)
  const storage = core.view(object.storageId)
  if (storage === undefined) throw refusal('notFound', 'the storage of this object is not known here', true, { afterSeconds: 5 })
  const { url, expiresAt } = await core.implementation.url(object.key, storage.settings, core.context())
  return answerOf(object, url, expiresAt)
}

function answerOf(object: ObjectRecord, url: string, expiresAt: Date | undefined): StoredObject {
  const { id, name, mime, size = 0 } = object
  return { objectId: id, url, name, mime, size, ...(expiresAt === undefined ? {} : { expiresAt: expiresAt.toISOString() }) }
}
