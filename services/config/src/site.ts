import { ApiError } from '@um/shared/errors'
import { type Request, type Response, Router } from 'express'
import type { SiteFile, SiteFiles } from './files.ts'
import { securityHeaders } from './headers.ts'

/** The site: its files as they are at the moment, and the page itself at every address that may be one of the page's own. The API is another service of the same host. */
export function site(files: () => SiteFiles, options: { https: boolean }): Router {
  const router = Router({ caseSensitive: true })
  router.use(securityHeaders(options))
  router.use((req, res) => {
    if (req.method !== 'GET' && req.method !== 'HEAD')
      throw new ApiError('methodNotAllowed', 'This address answers GET, HEAD.', { headers: { Allow: 'GET, HEAD' } })
    const file = fileFor(files(), req)
    if (file === undefined) throw new ApiError('notFound', 'The configuration site has nothing at this address.')
    send(file, req, res)
  })
  return router
}

function fileFor(files: SiteFiles, req: Request): SiteFile | undefined {
  const known = files.get(req.path)
  if (known !== undefined) return known
  // the last part of a page's address never has a dot: what has one is a file that is not there
  const isPage = !/\.[^/]*$/.test(req.path) && req.accepts(['html', 'json']) === 'html'
  return isPage ? files.get('/index.html') : undefined
}

function send(file: SiteFile, req: Request, res: Response): void {
  res.setHeader('Cache-Control', file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache')
  res.setHeader('ETag', file.etag)
  res.setHeader('Vary', 'Accept-Encoding')
  if (isUnchanged(file, req)) {
    res.status(304).end()
    return
  }
  const coding = req.acceptsEncodings([...file.packed.keys(), 'identity'])
  const packed = coding === false ? undefined : file.packed.get(coding)
  if (packed !== undefined && coding !== false) res.setHeader('Content-Encoding', coding)
  const body = packed ?? file.bytes
  res.setHeader('Content-Type', file.type)
  res.setHeader('Content-Length', body.length)
  res.end(req.method === 'HEAD' ? undefined : body)
}

function isUnchanged({ etag }: SiteFile, req: Request): boolean {
  const tags = (req.headers['if-none-match'] ?? '').split(',').map(tag => tag.trim().replace(/^W\//, ''))
  return tags.includes(etag)
}
