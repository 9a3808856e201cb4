import { hostname } from 'node:os'
import pino from 'pino'
import { redactText } from './redact.ts'

export interface Logger {
  fatal(fields: object, message: string): void
  error(fields: object, message: string): void
  warn(fields: object, message: string): void
  info(fields: object, message: string): void
  debug(fields: object, message: string): void
  trace(fields: object, message: string): void
  child(fields: object): Logger
  isLevelEnabled(level: string): boolean
  /** writes out what is buffered */
  flush(): void
}

/**
 * JSON lines that the `bunyan` reader understands: name, hostname, pid, level (10 to 60), msg, time, v.
 * Lines are buffered for `flushMilliseconds` (0: written at once); an error or worse flushes at once, and so does the end of the process.
 */
export function createLogger(options: { name: string; level: string; flushMilliseconds: number; destination?: string | number }): Logger {
  const buffered = options.flushMilliseconds > 0
  const destination = pino.destination({
    dest: options.destination ?? 1,
    sync: !buffered,
    ...(buffered ? { minLength: 8192, maxLength: 4 * 1024 * 1024 } : {}),
  })
  const flush = () => {
    if (!buffered) return
    try {
      destination.flushSync()
    } catch {
      // the destination is not open yet or already gone: nothing can be written
    }
  }
  const log = pino(
    {
      level: options.level.toLowerCase(),
      base: { name: options.name, hostname: hostname(), pid: process.pid, v: 0 },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: error => plainError(error), error: error => plainError(error) },
      hooks: {
        streamWrite: redactText,
        logMethod(args, method, level) {
          method.apply(this, args as Parameters<typeof method>)
          if (level >= 50) flush()
        },
      },
    },
    destination,
  )
  if (buffered) {
    setInterval(() => destination.flush(), options.flushMilliseconds).unref()
    process.once('exit', flush)
  }
  return Object.assign(log as unknown as Logger, { flush })
}

/** Errors as text: class, message and stack, and the causes; never the request objects that HTTP libraries hang on them. */
function plainError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return typeof error === 'object' ? String(error) : error
  return {
    name: error.name,
    message: error.message,
    ...('code' in error && (typeof error.code === 'string' || typeof error.code === 'number') ? { code: error.code } : {}),
    stack: error.stack,
    ...(error.cause === undefined || depth > 3 ? {} : { cause: plainError(error.cause, depth + 1) }),
  }
}
