/**
 * Last net for secrets in log lines and error texts: shapes that can only be credentials. Nothing logs settings or whole requests in the first place.
 */
const shapes: readonly [RegExp, string][] = [
  [/\b(Bearer|Basic)\s+[A-Za-z0-9+/._~=-]{8,}/gi, '$1 ***'],
  [/bot\d{3,}:[A-Za-z0-9_-]{20,}/g, 'bot***'],
  [/([?&](?:key|signature|sig|token|access_token|code|secret|password|X-Amz-[A-Za-z-]+)=)[^&\s"'\\]+/gi, '$1***'],
  [/("(?:[a-z]*password|[a-z_]*secret|[a-z_]*token|authorization|privateKey|accountKey|routing_?key)"\s*:\s*")(?:[^"\\]|\\.)*"/gi, '$1***"'],
  [/(\w+:\/\/[^:/\s"@]*:)[^@/\s"]+@/g, '$1***@'],
]

export function redactText(text: string): string {
  let clean = text
  for (const [shape, replacement] of shapes) clean = clean.replace(shape, replacement)
  return clean
}
