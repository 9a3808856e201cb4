import type { ConnectorFacts } from './places.ts'

/** The files of a connector that type-checks and starts, but knows nothing of its platform yet. */
export function skeleton({ id, label, role }: ConnectorFacts): Record<string, string> {
  const from = role === 'messaging' ? 'guest' : 'agent'
  return {
    'package.json': `${JSON.stringify(
      {
        name: `@um/${id}-connector`,
        version: '1.0.14',
        private: true,
        type: 'module',
        exports: { './definition': './src/definition.ts' },
        dependencies: { '@um/shared': 'workspace:*', zod: '4.6.7' },
        devDependencies: { '@um/testing': 'workspace:*' },
      },
      null,
      2,
    )}\n`,
    'README.md': `# ${label}

What an admin has to do at ${label}, step by step, to connect it: where each value of the form is found, which permissions are needed, and what the platform cannot do.

## What it can show

<!-- capabilities:begin (generated from definition.ts) -->
<!-- capabilities:end -->
`,
    'src/definition.ts': `import { defineConnector, field } from '@um/shared/contract'
import { z } from 'zod'

export const ${id} = defineConnector({
  id: '${id}',
  role: '${role}',
  label: '${label}',
  media: '${label}',
  ingress: '/${id}',
  settings: z.strictObject({
    apiToken: field.secret('API Token', { help: 'Where the admin finds it.' }),
    webhookSecret: field.secret('Webhook Secret', { generated: 'token', help: 'Proves that a webhook comes from ${label}.' }),
    apiUrl: field.url('API URL', 'https://api.${id}.example', { advanced: true }),
  }),
  capabilities: { text: { level: 'native', maxText: 2000 } },
})
`,
    'src/schema.ts': `import { z } from 'zod'

/** The payloads of ${label} that are read, and only the members that are used. */
export const Update = z.object({ id: z.string(), user: z.object({ id: z.string(), name: z.string().optional() }), text: z.string().optional() })
export type Update = z.infer<typeof Update>

export const Sent = z.object({ id: z.string() })
`,
    'src/webhook.ts': `import { createHash, timingSafeEqual } from 'node:crypto'
import type { Refusal, SettingsOf, TenantView, Webhook } from '@um/shared/contract'
import type { ${id} } from './definition.ts'

type Tenant = TenantView<SettingsOf<typeof ${id}>>
const header = 'x-${id}-secret'

export function locate(hook: Webhook): string | Refusal {
  return hook.headers.get(header) ?? { refused: 'unauthenticated', why: 'the secret is missing' }
}
export function keys(tenant: Tenant): string[] {
  return [tenant.settings.webhookSecret]
}
export function verify(hook: Webhook, tenant: Tenant): Refusal | undefined {
  return timingSafeEqual(digest(hook.headers.get(header) ?? ''), digest(tenant.settings.webhookSecret)) ? undefined : { refused: 'unauthenticated', why: 'the secret is wrong' }
}
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
`,
    'src/parse.ts': `import { type InboundEvent, parseJson, type Refusal, type Verified } from '@um/shared/contract'
import { Update } from './schema.ts'

/** One webhook of ${label}; the ${from}'s words become events, what is not known becomes \`unsupported\`, nothing is dropped. */
export function parse(hook: Verified): InboundEvent[] | Refusal {
  const update = Update.safeParse(read(hook.raw))
  if (!update.success) return { refused: 'malformed', why: 'this is not a webhook of ${label}' }
  return []
}
function read(raw: Buffer): unknown {
  try {
    return parseJson(raw.toString('utf8'))
  } catch {
    return undefined
  }
}
`,
    'src/render.ts': `import type { Renderers } from '@um/shared/contract'
import type { ${id} } from './definition.ts'

export const render: Renderers<typeof ${id}> = {
  text: ({ text }, out) => [{ method: 'POST', path: '/messages', json: { to: out.to.guest, text } }],
}
`,
    'src/api.ts': `import type { Authorization, Context, Failure, PlatformAnswer, SentFacts, SettingsOf } from '@um/shared/contract'
import { z } from 'zod'
import type { ${id} } from './definition.ts'
import { Sent } from './schema.ts'

type Settings = SettingsOf<typeof ${id}>

export function bases(settings: Settings): { api: string } {
  return { api: settings.apiUrl }
}
export async function authorize(ctx: Context<Settings>): Promise<Authorization> {
  return { headers: { authorization: \`Bearer \${ctx.tenant.settings.apiToken}\` } }
}
export async function check(ctx: Context<Settings>): Promise<void> {
  await ctx.http.call({ method: 'GET', path: '/me' }, z.unknown())
}
export function sent(answer: unknown): SentFacts {
  const read = Sent.safeParse(answer)
  return read.success ? { id: read.data.id } : {}
}
export function classify({ status, headers }: PlatformAnswer): Failure | undefined {
  if (status < 300) return undefined
  if (status === 401) return { kind: 'unauthorized', why: 'the API token is refused' }
  if (status === 403) return { kind: 'recipient', code: 'blocked', why: 'the guest does not take messages' }
  if (status === 429) return { kind: 'rateLimited', why: 'too many requests', afterSeconds: Number(headers.get('retry-after') ?? 5), scope: 'tenant' }
  if (status >= 500) return { kind: 'retryable', certain: false, why: \`${label} answers \${status}\` }
  return { kind: 'content', why: \`${label} refuses the message (\${status})\` }
}
`,
    'src/implementation.ts': `import type { Implementation } from '@um/shared/contract'
import * as api from './api.ts'
import type { ${id} } from './definition.ts'
import { parse } from './parse.ts'
import { render } from './render.ts'
import { keys, locate, verify } from './webhook.ts'

export const implementation: Implementation<typeof ${id}> = { locate, keys, verify, parse, render, ...api }
`,
    'src/index.ts': `import { serve } from '@um/shared/serve'
import { ${id} } from './definition.ts'
import { implementation } from './implementation.ts'

await serve(${id}, implementation)
`,
    'test/conformance.spec.ts': `import { conformance } from '@um/testing/conformance'
import { ${id} } from '../src/definition.ts'
import { implementation } from '../src/implementation.ts'

const settings = { apiToken: 'api-token-of-the-sample', webhookSecret: 'webhook-secret-of-the-sample', apiUrl: 'https://${id}.lab.example' }
const signed = { 'x-${id}-secret': settings.webhookSecret, 'content-type': 'application/json' }

conformance({
  definition: ${id},
  implementation,
  folder: new URL('..', import.meta.url),
  settings,
  otherSettings: { ...settings, webhookSecret: 'webhook-secret-of-another' },
  now: new Date('2026-01-01T00:00:00Z'),
  recipient: { guest: 'u-1' },
  proof: { headers: ['x-${id}-secret'] },
  webhooks: [{ name: 'text', headers: signed, body: JSON.stringify({ id: 'm-1', user: { id: 'u-1', name: 'Lena' }, text: 'hello' }), events: ['message:text'] }],
  unknownEvent: { name: 'a kind that is new', headers: signed, body: JSON.stringify({ id: 'm-2', user: { id: 'u-1' }, hologram: {} }), events: ['message:unsupported'] },
  answers: {
    accepted: [{ name: 'sent', body: { id: 'p-1' }, id: 'p-1' }],
    rateLimited: [{ name: 'too many', status: 429, headers: { 'retry-after': '7' }, body: {}, failure: { kind: 'rateLimited', afterSeconds: 7 } }],
    unauthorized: [{ name: 'bad token', status: 401, body: {}, failure: { kind: 'unauthorized' } }],
    unavailable: [{ name: 'down', status: 503, body: {}, failure: { kind: 'retryable' } }],
    blocked: [{ name: 'blocked', status: 403, body: {}, failure: { kind: 'recipient' } }],
  },
  platform: call => (call.path === '/me' ? { name: 'me', body: {} } : undefined),
})
`,
  }
}
