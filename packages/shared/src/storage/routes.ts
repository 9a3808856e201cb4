import { createHash, timingSafeEqual } from 'node:crypto'
import { type NextFunction, type Request, type Response, Router } from 'express'
import { z } from 'zod'
import { ApiError, fieldErrors, sendProblem } from '../errors/index.ts'
import { checkStorage } from './check.ts'
import type { StorageCore, StorageView } from './core.ts'
import { failureError, knownError, refusal } from './failure.ts'
import { keys } from './keys.ts'
import { RecordsAway } from './records.ts'
import { removeObjects } from './removal.ts'
import { readJson } from './request-json.ts'
import { storeObject } from './store.ts'
import { removeStored } from './sweep.ts'
import { UploadSlots } from './upload-slots.ts'

/** Facts of an upload, in the query because names and guests may hold any character. The body is the bytes as they are. */
export const UploadFacts = z.object({
  storageId: z.string().min(1).max(100),
  tenantId: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'is not a tenant id'),
  guest: z.string().min(1).max(500),
  sourceId: z.string().min(1).max(1000),
  // whatever senders make of these two is cleaned, not refused
  name: z.string().optional(),
  mime: z.string().optional(),
  size: z.coerce.number().int().min(0).optional(),
  at: z.iso.datetime({ offset: true }).optional(),
})
const Source = UploadFacts.pick({ storageId: true, tenantId: true, guest: true, sourceId: true })
const CheckRequest = z.object({ settings: z.record(z.string(), z.unknown()) })

const drainMilliseconds = 10_000
const maxCheckBytes = 256 * 1024

/**
 * The internal requests of a storage provider. Mount it before any body parser. Answers are JSON, errors are problem documents with a `retryable` member.
 *
 * - `PUT /internal/objects?storageId&tenantId&guest&sourceId[&name&mime&size&at]` stores the body
 * - `DELETE /internal/objects?storageId&tenantId&guest&sourceId` removes what was stored of a source
 * - `DELETE /internal/objects/:id`
 * - `POST /internal/check` `{settings}` tries settings before they are saved
 * - `GET /internal/storages/:id` how many objects it holds, `DELETE /internal/storages/:id/objects` removes them all
 */
export function storageRoutes(core: StorageCore): Router {
  const slots = new UploadSlots(core.options.uploads)
  const router = Router()
  router.use('/internal', requireToken(core.options.internalToken))

  router.put('/internal/objects', async (req, res) => {
    const leaving = new AbortController()
    res.once('close', () => leaving.abort())
    try {
      res.status(201).json(await storeObject(core, slots, uploadRequest(req), req, leaving.signal))
    } finally {
      drain(req)
    }
  })
  router.delete('/internal/objects', async (req, res) => {
    const { storageId, sourceId, ...conversation } = parsed(Source, req.query)
    const object = await core.records.findBySource(keys.source(conversation, sourceId))
    if (object?.storageId === storageId) await removing(core, () => removeObjects(core, known(core, storageId), [object]))
    res.status(204).end()
  })
  router.delete('/internal/objects/:id', async (req, res) => {
    const object = await core.records.find(req.params.id)
    if (object !== undefined) await removing(core, () => removeObjects(core, known(core, object.storageId), [object]))
    res.status(204).end()
  })
  router.post('/internal/check', async (req, res) => {
    const { settings } = parsed(CheckRequest, await readJson(req, maxCheckBytes))
    res.json(await checkStorage(core, parsed(core.settings, settings, '/settings') as StorageView['settings']))
  })
  router.get('/internal/storages/:id', async (req, res) => {
    const objects = await core.records.guarded(() => core.records.redis.zcard(keys.stored(req.params.id)))
    res.json({ objects })
  })
  router.delete('/internal/storages/:id/objects', async (req, res) => {
    const leaving = new AbortController()
    res.once('close', () => leaving.abort())
    const storage = known(core, req.params.id)
    const removed = await removing(core, () => removeStored(core, storage, core.options.now().getTime(), leaving.signal))
    res.json({ removed })
  })

  router.use((error: unknown, _req: Request, res: Response, next: NextFunction) => {
    const foreseen = knownError(error)
    if (foreseen === undefined) next(error)
    else sendProblem(res, foreseen)
  })
  return router
}

/** Compares digests, so that neither the content nor the length of the right token can be measured. */
function requireToken(token: string) {
  const expected = createHash('sha256').update(token).digest()
  return (req: Request, _res: Response, next: NextFunction): void => {
    const given = /^Bearer +(\S+)$/i.exec(req.headers.authorization ?? '')?.[1] ?? ''
    const isRight = timingSafeEqual(createHash('sha256').update(given).digest(), expected)
    next(
      isRight
        ? undefined
        : new ApiError('unauthenticated', 'the internal token is missing or wrong', {
            headers: { 'www-authenticate': 'Bearer' },
            members: { retryable: false },
          }),
    )
  }
}

function uploadRequest(req: Request) {
  const { at, ...facts } = parsed(UploadFacts, req.query)
  const announced = req.headers['content-length']
  const size = facts.size ?? (announced === undefined ? undefined : Number(announced))
  return { ...facts, mime: facts.mime ?? req.headers['content-type'], size, ...(at === undefined ? {} : { at: new Date(at) }) }
}

/** A sender that is still sending would not read the answer: its bytes are taken and dropped, for a while. */
function drain(req: Request): void {
  if (req.complete || req.destroyed) return
  // once it is complete, the connection may already serve another request
  const timer = setTimeout(() => req.complete || req.destroy(), drainMilliseconds).unref()
  req.once('close', () => clearTimeout(timer))
  req.resume()
}

function known(core: StorageCore, storageId: string): StorageView {
  const storage = core.view(storageId)
  if (storage === undefined) throw refusal('notFound', 'the storage is not known here', true, { afterSeconds: 5 })
  return storage
}

async function removing<T>(core: StorageCore, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof RecordsAway) throw error
    throw failureError(core.implementation.classify(error))
  }
}

function parsed<S extends z.ZodType>(schema: S, value: unknown, root = ''): z.infer<S> {
  const result = schema.safeParse(value)
  if (!result.success) throw new ApiError('invalid', 'some fields are not valid', { fields: fieldErrors(result.error, root), members: { retryable: false } })
  return result.data
}
