import { existsSync } from 'node:fs'
import express, { type NextFunction, type Request, type Response, Router } from 'express'

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** On every answer of the Lab's own origin; files of strangers have a stricter policy still. */
export function securityHeaders(_req: Request, res: Response, next: NextFunction): void {
  res.setHeader('Content-Security-Policy', policy)
  res.setHeader('X-Content-Type-Options', 'nosniff')
  res.setHeader('Referrer-Policy', 'no-referrer')
  res.setHeader('X-Frame-Options', 'DENY')
  res.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
  res.setHeader('Cross-Origin-Resource-Policy', 'same-origin')
  res.setHeader('Permissions-Policy', 'camera=(), geolocation=(self), microphone=(self)')
  next()
}

/** The page's built files; without them a line that says how to get them. */
export function pageRoutes(directory: string): Router {
  const router = Router()
  router.use((req, res, next) => {
    if (existsSync(directory)) return next()
    if (req.path !== '/') return next()
    res.type('text/plain').send('The page of the Lab has not been built. Its API is at /lab/api/info.\n')
  })
  router.use(express.static(directory, { index: 'index.html', etag: true, maxAge: 0, fallthrough: true }))
  return router
}
