import type { NextFunction, Request, Response } from 'express'
import type { z } from 'zod'
import { ApiError, type ErrorCode, errorTable, type FieldError } from './table.ts'

/** RFC 9457 problem document. */
export interface Problem {
  type: string
  title: string
  status: number
  code: ErrorCode
  detail: string
  errors?: readonly FieldError[]
}

export function problemOf(error: ApiError): Problem {
  const { status, title } = errorTable[error.code]
  return {
    type: `urn:universal-messaging:error:${error.code}`,
    title,
    status,
    code: error.code,
    detail: error.message,
    ...(error.fields.length > 0 ? { errors: error.fields } : {}),
    ...error.members,
  }
}

export function sendProblem(res: Response, error: ApiError): void {
  if (res.headersSent) {
    res.destroy()
    return
  }
  const problem = problemOf(error)
  for (const [name, value] of Object.entries(error.headers)) res.setHeader(name, value)
  res.status(problem.status).type('application/problem+json').send(JSON.stringify(problem))
}

/** zod issues as field errors. `root` is put before every pointer, e.g. '/messaging/settings'. */
export function fieldErrors(error: z.ZodError, root = ''): FieldError[] {
  return error.issues.flatMap(issue => {
    if (issue.code === 'unrecognized_keys') return issue.keys.map(key => ({ pointer: pointer(root, [...issue.path, key]), detail: 'is not known here' }))
    return [{ pointer: pointer(root, issue.path), detail: issue.message }]
  })
}
function pointer(root: string, path: readonly PropertyKey[]): string {
  return root + path.map(part => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** Last middleware of every app: no stack trace, no HTML, never a secret. `report` hears of bugs only. */
export function problemHandler(report: (error: unknown, req: Request) => void) {
  return (error: unknown, req: Request, res: Response, _next: NextFunction): void => {
    if (error instanceof ApiError) return sendProblem(res, error)
    const known = bodyParserError(error)
    if (known) return sendProblem(res, known)
    report(error, req)
    sendProblem(res, new ApiError('bug', 'The error has been logged.'))
  }
}

/** What express's own parts throw for bad input: they carry `status` and `type`. */
function bodyParserError(error: unknown): ApiError | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined
  const { status } = error as { status: unknown }
  if (status === 413) return new ApiError('tooLarge', 'The body is larger than this address accepts.')
  if (status === 415) return new ApiError('mediaType', 'The charset or content encoding is not supported.')
  if ('type' in error && error.type === 'entity.parse.failed') return new ApiError('malformed', `The body is not JSON: ${parseFailure(error.message)}.`)
  if (typeof status === 'number' && status >= 400 && status < 500) return new ApiError('malformed', 'The body or the address is not well formed.')
  return undefined
}

/** Where JSON breaks off, and why as far as it can be told without repeating what was sent: it may be a password. */
function parseFailure(message: string): string {
  const place = /\(line (\d+) column (\d+)\)/.exec(message)
  const at = place === null ? '' : ` at line ${place[1]}, column ${place[2]}`
  if (message.startsWith('Unterminated string')) return `a text has no closing quotation mark${at}`
  const missing = /^Expected ',' or '([}\]])'/.exec(message)?.[1]
  if (missing !== undefined) return `a comma or a closing ${missing === '}' ? 'brace' : 'bracket'} is missing${at}`
  if (message.startsWith('Unexpected end')) return 'it ends too early'
  return `it cannot be read${at}`
}
