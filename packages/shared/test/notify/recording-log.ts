import type { Logger } from '../../src/log/index.ts'

export interface Line extends Record<string, unknown> {
  level: string
  message: string
}

/** A log whose lines can be looked at. */
export function recordingLog(lines: Line[]): Logger {
  const write = (level: string) => (fields: object, message: string) => void lines.push({ ...fields, level, message })
  const log: Logger = {
    fatal: write('fatal'),
    error: write('error'),
    warn: write('warn'),
    info: write('info'),
    debug: write('debug'),
    trace: write('trace'),
    child: () => log,
    isLevelEnabled: () => true,
    flush: () => undefined,
  }
  return log
}
