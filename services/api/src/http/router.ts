import { ApiError } from '@um/shared/errors'
import express, { type Request, type RequestHandler, type Response, type Router } from 'express'
import { readJson } from './body.ts'
import type { Administrator, Answer, Operation, RawCall } from './operation.ts'
import { translateAbsence } from './unavailable.ts'

export type Authenticate = (authorization: string | undefined) => Promise<Administrator>

/** Express routes of the operations; a known path answers 405 to other methods, an unknown one 404. */
export function operationsRouter(operations: readonly Operation[], authenticate: Authenticate): Router {
  const router = express.Router({ caseSensitive: true })
  // '/dead-letters/replay' before '/dead-letters/:id', which would take it for an id
  const paths = [...Map.groupBy(operations, member => member.path)].sort(([a], [b]) => Number(a.includes('{')) - Number(b.includes('{')))
  for (const [path, members] of paths) {
    const route = router.route(path.replace(/\{(\w+)\}/g, ':$1'))
    const allowed = [...new Set(members.flatMap(member => (member.method === 'GET' ? ['GET', 'HEAD'] : [member.method])))].join(', ')
    for (const member of members) {
      const bodyReaders = member.body === undefined ? [] : readJson(member.bodyTypes ?? ['application/json'], member.maxBodyBytes)
      const method = member.method.toLowerCase() as Lowercase<typeof member.method>
      route[method](guard(member, authenticate), ...bodyReaders, perform(member))
    }
    route.all((req, res) => {
      res.setHeader('Allow', allowed)
      if (req.method !== 'OPTIONS') throw new ApiError('methodNotAllowed', `This address answers ${allowed}.`)
      res.status(204).end()
    })
  }
  return router
}

/** Before the body is read: strangers do not make us work. */
function guard(member: Operation, authenticate: Authenticate): RequestHandler {
  return async (req, res, next) => {
    if (member.access !== 'administrator') return next()
    const administrator = await authenticate(req.headers.authorization).catch(error => {
      throw translateAbsence(error)
    })
    res.locals.administrator = administrator
    next()
  }
}

function perform(member: Operation): RequestHandler {
  return async (req, res) => {
    const answer = await member.run(callOf(req, res)).catch(error => {
      throw translateAbsence(error)
    })
    sendAnswer(req, res, answer)
  }
}

function callOf(req: Request, res: Response): RawCall {
  const { administrator } = res.locals as { administrator?: Administrator }
  return {
    params: Object.fromEntries(Object.entries(req.params).map(([name, value]) => [name, String(value)])),
    query: req.query,
    body: req.body,
    header: name => {
      const value = req.headers[name]
      return Array.isArray(value) ? value.join(', ') : value
    },
    address: req.ip ?? 'unknown',
    url: req.originalUrl,
    administrator,
  }
}

/** Not `res.send`: it would answer 304 by the ETag, which knows nothing of the read-only status in the body. */
function sendAnswer(req: Request, res: Response, answer: Answer): void {
  for (const [name, value] of Object.entries(answer.headers ?? {})) res.setHeader(name, value)
  res.status(answer.status)
  if (answer.text !== undefined) {
    res.setHeader('Content-Type', answer.text.type)
    res.end(answer.text.content)
    return
  }
  if (answer.stream !== undefined) {
    res.setHeader('Content-Type', answer.stream.type)
    res.flushHeaders()
    if (req.method === 'HEAD') res.end()
    // the client may have gone while the call was being authorized: its end has been told already
    else if (!res.destroyed) answer.stream.begin(res)
    return
  }
  if (answer.body === undefined) {
    res.end()
    return
  }
  res.setHeader('Content-Type', 'application/json; charset=utf-8')
  res.end(JSON.stringify(answer.body))
}

export function unknownPath(): never {
  throw new ApiError('notFound', 'There is nothing at this address. The operations are listed at /api/v1/openapi.')
}
