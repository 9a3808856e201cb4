/**
 * JSON.parse that keeps integers beyond 2^53 exact: they become strings (platform ids). Throws SyntaxError like JSON.parse.
 */
export function parseJson(text: string): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text)
  return JSON.parse(text, exactIntegers as (key: string, value: unknown) => unknown)
}
function exactIntegers(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value === 'number' && !Number.isSafeInteger(value) && context?.source !== undefined && /^-?\d+$/.test(context.source)) return context.source
  return value
}
/** The body of a request as JSON; undefined when it is none. */
export function readJson(raw: Buffer): unknown {
  try {
    return parseJson(raw.toString('utf8'))
  } catch {
    return undefined
  }
}
