import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connectors } from '@um/catalog'
import { CallFailed, type Context } from '@um/shared/contract'
import { createLogger } from '@um/shared/log'
import { connectorService } from '@um/shared/serve'
import { type RunningService, readEnvironment, startService } from '@um/shared/service'

type Implementation = Parameters<typeof connectorService>[0]['implementation']

/** What guests were sent, as the platform behind the connector has seen it. */
export interface Sent {
  token: string
  guest: string
  text: string
}
export interface FakeTelegram {
  readonly sent: Sent[]
  readonly switched: { guest: string; to: string | undefined; tenantId: string }[]
  readonly redisUrl: string
  stop(): Promise<void>
}

/** Telegram's place in the fleet, taken by a connector whose platform is a loopback server: with the effects that Telegram's own has not. */
export async function startFakeTelegram(variables: { REDIS_URL: string; RABBITMQ_URL: string; SECRET_KEY?: string }): Promise<FakeTelegram> {
  const definition = connectors.get('telegram')
  if (definition === undefined) throw new Error('the catalog has no Telegram')
  const sent: Sent[] = []
  const switched: FakeTelegram['switched'] = []
  const platform = await startPlatform(sent)
  const { port } = platform.address() as AddressInfo
  const implementation = {
    bases: () => ({ api: `http://127.0.0.1:${port}` }),
    verify: () => ({ refused: 'unauthenticated', why: 'nobody calls' }),
    parse: () => [],
    render: Object.fromEntries(
      Object.keys(definition.capabilities).map(kind => [
        kind,
        (content: { text?: string }, out: { to: { guest: string }; tenant: { settings: { apiToken: string } } }) => [
          { method: 'POST', path: '/send', json: { token: out.tenant.settings.apiToken, guest: out.to.guest, text: content.text }, idempotent: true },
        ],
      ]),
    ),
    sent: () => ({ id: 'x' }),
    classify: ({ status }: { status: number }) => (status < 300 ? undefined : { kind: 'content', why: `HTTP ${status}` }),
    async check(ctx: Context<{ apiToken: string }>) {
      if (ctx.tenant.settings.apiToken.startsWith('666:')) throw new CallFailed({ kind: 'unauthorized', why: 'the token is refused' })
    },
    register: async () => ({ registered: 'yes' }),
    async switchUser(guest: string, to: string | undefined, ctx: Context<unknown>) {
      if (guest === 'stranger') throw new CallFailed({ kind: 'recipient', why: 'no such guest' })
      if (to === 'closed') throw new CallFailed({ kind: 'content', why: 'the switcher is off' })
      if (to === 'down') throw new CallFailed({ kind: 'retryable', why: 'HTTP 500', certain: true })
      switched.push({ guest, to, tenantId: ctx.tenant.id })
    },
  } as unknown as Implementation
  const environment = readEnvironment({
    HOST: '127.0.0.1',
    PORT: '0',
    HEALTH_PORT: '0',
    SECRET_KEY: 'a secret key for tests',
    INTERNAL_TOKEN: 'an internal token for tests',
    ALLOWED_PRIVATE_HOSTS: '127.0.0.1',
    ...variables,
  })
  const log = createLogger({ name: 'telegram', level: process.env.TEST_LOG_LEVEL ?? 'fatal', flushMilliseconds: 0 })
  const running: RunningService = await startService(connectorService({ definition, implementation }), environment, log)
  return {
    sent,
    switched,
    redisUrl: variables.REDIS_URL,
    stop: async () => {
      await running.stop()
      platform.closeAllConnections()
      platform.close()
    },
  }
}

async function startPlatform(sent: Sent[]): Promise<Server> {
  const server = createServer(async (req, res) => {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk as Buffer)
    sent.push(JSON.parse(Buffer.concat(chunks).toString('utf8')) as Sent)
    res.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return server
}
