import { ApiError } from '@um/shared/errors'
import { type Request, type Response, Router, raw } from 'express'
import { type MediaStore, mediaView, type StoredMedia } from '../kit/media-store.ts'
import type { Upload } from '../protocol.ts'
import { pathText, queryText } from './request.ts'

const maxUploadBytes = '60mb'
/** What a browser would run if it were shown as a page. */
const active = /html|xml|svg|script|pdf/

/** Uploads by people, and every file that the Lab holds. */
export function mediaRoutes(media: MediaStore): Router {
  const router = Router()

  router.post('/uploads', raw({ type: () => true, limit: maxUploadBytes }), (req, res) => {
    const bytes: unknown = req.body
    if (!Buffer.isBuffer(bytes) || bytes.length === 0) throw new ApiError('malformed', 'The body must hold the bytes of the file.')
    const stored = media.put({ bytes, mime: req.headers['content-type'] ?? '', name: queryText(req, 'name') ?? 'file' })
    res.status(201).json({ id: stored.id, media: mediaView(stored) } satisfies Upload)
  })

  router.get('/media/:id/:name', (req, res) => {
    const stored = media.get(pathText(req, 'id'))
    if (stored === undefined) throw new ApiError('notFound', 'This file is not kept (any more).')
    sendFile(req, res, stored)
  })

  return router
}

/** Files come from strangers: never sniffed, never run, and in a sandbox should one be opened by itself. Parts of it on request, for players. */
function sendFile(req: Request, res: Response, { bytes, mime, name }: StoredMedia): void {
  res.setHeader('Content-Type', mime)
  res.setHeader('Content-Security-Policy', "default-src 'none'; sandbox")
  res.setHeader('Content-Disposition', `${active.test(mime) ? 'attachment' : 'inline'}; filename*=UTF-8''${encodeURIComponent(name)}`)
  res.setHeader('Cache-Control', 'private, max-age=3600')
  res.setHeader('Accept-Ranges', 'bytes')
  const ranges = req.range(bytes.length)
  if (ranges === -1) {
    res.setHeader('Content-Range', `bytes */${bytes.length}`)
    res.status(416).end()
    return
  }
  const range = Array.isArray(ranges) && ranges.type === 'bytes' && ranges.length === 1 ? ranges[0] : undefined
  if (range === undefined) {
    res.status(200).end(bytes)
    return
  }
  res.setHeader('Content-Range', `bytes ${range.start}-${range.end}/${bytes.length}`)
  res.status(206).end(bytes.subarray(range.start, range.end + 1))
}
