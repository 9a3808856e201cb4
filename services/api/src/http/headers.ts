import type { RequestHandler } from 'express'

/** For answers that nobody may frame, sniff, cache or run anything from. The page of the API's documentation relaxes the policy for itself. */
export function securityHeaders(options: { https: boolean }): RequestHandler {
  const headers = new Map([
    ['X-Content-Type-Options', 'nosniff'],
    ['X-Frame-Options', 'DENY'],
    ['Referrer-Policy', 'no-referrer'],
    ['Cross-Origin-Resource-Policy', 'same-origin'],
    ['Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'"],
    ['Cache-Control', 'no-store'],
    ...(options.https ? ([['Strict-Transport-Security', 'max-age=31536000']] as const) : []),
  ])
  return (_req, res, next) => {
    res.setHeaders(headers)
    next()
  }
}
