/**
 * Last net for secrets in log lines and error texts: shapes that can only be credentials. Nothing logs settings or whole requests in the first place.
 */
const shapes: readonly [RegExp, string][] = [
  [/\b(Bearer|Basic)\s+[A-Za-z0-9+/._~=-]{8,}/gi, '$1 ***'],
  [/bot\d{3,}:[A-Za-z0-9_-]{20,}/g, 'bot***'],
  [/([?&](?:key|signature|sig|token|access_token|code|secret|password|X-Amz-[A-Za-z-]+)=)[^&\s"'\\]+/gi, '$1***'],
  [/([a-z][a-z0-9+.-]{1,20}:\/\/[^:/\s"@]*:)[^@/\s"]+@/gi, '$1***@'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/gs, '***'],
  [/(hooks\.slack(?:-gov)?\.com\/services\/\w)\w*\/(\w)\w*\/[\w-]+/g, '$1***/$2***/***'],
  [/(hooks\.slack(?:-gov)?\.com\/workflows\/)[\w/-]+/g, '$1***'],
  [/(discord(?:app)?\.com\/api\/(?:v\d+\/)?webhooks\/\d+\/)[\w-]+/g, '$1***'],
  [/(\/webhooks\/api\/v1\/webhook\/)[0-9a-f-]{32}([0-9a-f]{4})/gi, '$1****$2'],
]
/** The name of a secret member and the opening quote of its value; in JSON that is itself a string in JSON each quote has backslashes before it. */
const secretMember = /(?<!\\)(\\*)"(?:[a-z_]*password|[a-z_]*secret|[a-z_]*token|authorization|private_?key|account_?key|api_?key|routing_?key)\1"\s*:\s*\1"/gi

export function redactText(text: string): string {
  let clean = redactMembers(text)
  for (const [shape, replacement] of shapes) clean = clean.replace(shape, replacement)
  return clean
}

function redactMembers(text: string): string {
  let clean = ''
  let from = 0
  for (const match of text.matchAll(secretMember)) {
    if (match.index < from) continue
    const start = match.index + match[0].length
    clean += `${text.slice(from, start)}***`
    from = endOfValue(text, start, match[1]?.length ?? 0)
  }
  return clean + text.slice(from)
}

/** Where the closing quote and its backslashes begin. A quote inside the value has more of them; a backslash at its end comes in doubled numbers. */
function endOfValue(text: string, start: number, backslashes: number): number {
  for (const match of text.slice(start).matchAll(/(?<!\\)(\\*)"/g)) {
    const found = match[1]?.length ?? 0
    if (found % (2 * backslashes + 2) === backslashes) return start + match.index + found - backslashes
  }
  return text.length
}
