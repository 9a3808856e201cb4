export interface HostileRequest {
  method: string
  path: string
  headers: Record<string, string>
  body: string | undefined
}

/** The same on every run (mulberry32). */
function randomness(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const names = [
  'id',
  'name',
  'type',
  'settings',
  'messaging',
  'cxPlatform',
  'commander',
  'authentication',
  'notifiers',
  'outboundProxy',
  'storageId',
  'tenantId',
  'tenant',
  'userId',
  'message',
  'messages',
  'ids',
  'user',
  'password',
  'current',
  'new',
  'isDefault',
  'purgeDelay',
  'enabled',
  '__proto__',
  'constructor',
  'toString',
  '',
  '~/',
  'é\u0000',
  'apiToken',
  'privateKey',
  'webhookUrl',
]
const texts = [
  '',
  ' ',
  '***',
  'aws',
  'telegram',
  'gcloudcx',
  'basic',
  'none',
  'slack',
  '\u0000',
  '\ud800',
  '🙂'.repeat(50),
  '../../etc/passwd',
  "' OR 1=1 --",
  '<script>alert(1)</script>',
  '$' + '{7*7}',
  '%00%ff',
  'x'.repeat(5000),
  '__proto__',
  'https://hooks.slack.com/services/x',
  'http://[',
  '1e999',
  '-1',
  'true',
]
const numbers = [0, -1, 1, 1.5, 1e308, -0, Number.MAX_SAFE_INTEGER + 2, 2 ** 31]
const raw = [
  '',
  '{',
  '[',
  'null',
  'true',
  '"x"',
  '1e999999',
  '[[[[[[',
  '{"a":}',
  '\u0000',
  '{"__proto__":{"a":1}}',
  `${'{"a":'.repeat(3000)}1${'}'.repeat(3000)}`,
  `[${'0,'.repeat(20_000)}0]`,
]
const types = [
  'application/json',
  'application/json',
  'application/json',
  'application/json',
  'application/merge-patch+json',
  'text/plain',
  'application/json; charset=utf-16',
  'application/json; charset=nonsense',
  'multipart/form-data',
  'x',
]

interface Described {
  requestBody?: { content: Readonly<Record<string, { example?: unknown }>> }
}

/** Random and hostile requests to the described operations, most of them well formed enough to get past the first check. Left out: the login, which makes us wait, what removes the targets, the live stream, which does not end, and test notices, which leave this machine. */
export function hostileRequests(
  paths: Readonly<Record<string, Readonly<Record<string, object>>>>,
  { ids, count, seed }: { ids: readonly string[]; count: number; seed: number },
): HostileRequest[] {
  const random = randomness(seed)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const value = (depth: number): unknown => {
    const kind = random()
    if (depth > 4 || kind < 0.3) return pick<unknown>([...texts, ...ids])
    if (kind < 0.45) return pick<unknown>([...numbers, null, true, false])
    if (kind < 0.6) return Array.from({ length: Math.floor(random() * 4) }, () => value(depth + 1))
    return Object.fromEntries(Array.from({ length: Math.floor(random() * 6) }, () => [pick(names), value(depth + 1)]))
  }
  const segment = () => encodeURIComponentSafely(pick([...texts.slice(0, 16), ...ids, ...ids, ...ids]))
  /** A described example with one of its parts replaced, or left out. */
  const spoilt = (example: unknown): unknown => {
    if (typeof example !== 'object' || example === null || random() < 0.15) return value(0)
    if (Array.isArray(example)) return example.map(item => (random() < 0.5 ? spoilt(item) : item))
    const victim = pick(Object.keys(example))
    return Object.fromEntries(
      Object.entries(example).flatMap(([name, member]) => (name !== victim ? [[name, member]] : random() < 0.2 ? [] : [[name, spoilt(member)]])),
    )
  }
  const bodyOf = (method: string, path: string): string => {
    if (random() < 0.15) return pick(raw)
    const { requestBody } = (paths[path]?.[method.toLowerCase()] ?? {}) as Described
    const example = Object.values(requestBody?.content ?? {})[0]?.example
    return JSON.stringify(example === undefined || random() < 0.3 ? value(0) : spoilt(example))
  }
  const operations = Object.entries(paths).flatMap(([path, members]) => Object.keys(members).map(method => [method.toUpperCase(), path] as const))
  const usable = operations
    .filter(
      ([method, path]) =>
        !/^\/(auth\/(login|logout|password)|journeys\/live|settings\/notifiers\/test)$/.test(path) &&
        !(method === 'DELETE' && /^\/(tenants|storages)\//.test(path)),
    )
    .flatMap(each => (each[0] === 'GET' ? [each] : [each, each, each]))
  return Array.from({ length: count }, () => {
    const [method, path] = pick(usable)
    const query = random() < 0.3 ? `?${pick(['page', 'pageSize', 'name', 'body', 'limit', 'before', 'enabled', '__proto__', 'a[b]'])}=${segment()}` : ''
    const withBody = ['POST', 'PUT', 'PATCH'].includes(method)
    const body = withBody ? bodyOf(method, path) : undefined
    return {
      method,
      path: path.replace(/\{\w+\}/g, segment) + query,
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': pick(types) }),
        ...(random() < 0.2 ? { 'If-Match': pick(['"1"', '*', 'x', '"', ',,,']) } : {}),
        ...(random() < 0.2 ? { 'Idempotency-Key': pick(['k', 'x'.repeat(300), '"']) } : {}),
        ...(random() < 0.1 ? { Accept: pick(['application/yaml', '*/*', 'nonsense']) } : {}),
      },
      body,
    }
  })
}

function encodeURIComponentSafely(text: string): string {
  try {
    return encodeURIComponent(text)
  } catch {
    return '%ED%A0%80'
  }
}
