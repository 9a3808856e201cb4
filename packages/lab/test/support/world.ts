import { createHash } from 'node:crypto'
import { eventually } from '@um/testing'
import { type Fleet, startFleet } from '@um/testing/fleet'
import { type Lab, type PlatformId, startLab } from '../../src/index.ts'
import type { AgentActionInput, Conversation, DeskEntry, DeskTimeline, GuestActionInput, List, Phone, PhoneEntry, PhoneTimeline } from '../../src/protocol.ts'

export const admin = { user: 'admin', password: 'a-password-for-the-tests' }

/** The whole fleet with the Lab, driven the way a person would: over the Lab's control API and the product's REST API. */
export interface World {
  fleet: Fleet
  lab: Lab
  /** `platform`: default the first that is played */
  phone(name: string, platform?: PlatformId): Promise<Phone>
  guest(phone: Phone, action: GuestActionInput): Promise<PhoneEntry[]>
  agent(conversation: Conversation, action: AgentActionInput): Promise<DeskEntry[]>
  phoneEntries(phone: Phone): Promise<PhoneEntry[]>
  conversation(phone: Phone): Promise<Conversation>
  deskEntries(phone: Phone): Promise<DeskEntry[]>
  upload(name: string, mime: string, bytes: Buffer): Promise<string>
  api(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>
  stop(): Promise<void>
}

export interface WorldOptions {
  /** the messaging platforms to play; default: telegram. The fleet runs their connectors and what these need. */
  platforms?: readonly PlatformId[]
  replicas?: Record<string, number>
  links?: boolean
  env?: Record<string, string>
}

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const platforms = options.platforms ?? ['telegram']
  const fleet = await startFleet({
    services: ['api', 'gcloudcx-connector', 'aws-provider', ...platforms.map(id => `${id}-connector`)],
    admin,
    env: { ALLOWED_PRIVATE_HOSTS: '127.0.0.1', LOG_LEVEL: 'DEBUG', ...options.env },
    ...(options.replicas === undefined ? {} : { replicas: options.replicas }),
    ...(options.links === undefined ? {} : { links: options.links }),
  })
  let lab: Lab | undefined
  try {
    const started = await startLab({
      only: platforms,
      gatewayUrl: fleet.publicUrl,
      adminUser: admin.user,
      adminPassword: admin.password,
      rabbitUrl: fleet.broker.url,
      timeScale: 0.1,
    })
    lab = started
    const world = worldOf(fleet, started, platforms[0] ?? 'telegram')
    await eventually(() => expectDone(started), { withinMs: 60_000 })
    await eventually(
      async () => {
        const { body } = await world.api('GET', '/tenants')
        const states = (body as { status: { messaging?: { status: string }; cxPlatform?: { status: string } } }[]).map(
          ({ status }) => `${status.messaging?.status} ${status.cxPlatform?.status}`,
        )
        return states.length > 0 && states.every(state => state === 'working working')
      },
      { withinMs: 60_000 },
    )
    return world
  } catch (error) {
    await lab?.close()
    await fleet.stop()
    throw error
  }
}
function expectDone(lab: Lab): boolean {
  return lab.seed?.status.state === 'done'
}

function worldOf(fleet: Fleet, lab: Lab, first: PlatformId): World {
  const call = async <T>(method: string, path: string, body?: unknown, mime = 'application/json'): Promise<T> => {
    const answer = await fetch(`${lab.url}/lab/api${path}`, {
      method,
      headers: { 'content-type': mime },
      ...(body === undefined ? {} : { body: body instanceof Buffer ? new Uint8Array(body) : JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return (text === '' ? undefined : JSON.parse(text)) as T
  }
  let token: string | undefined
  const login = async () => {
    const answer = await fetch(`${fleet.publicUrl}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(admin),
    })
    token = ((await answer.json()) as { token: string }).token
  }
  const world: World = {
    fleet,
    lab,
    // Telegram's guests are numbers; the other platforms make up ids in their own form
    phone: (name, platform = first) => call<Phone>('POST', '/phones', { platform, guest: { ...(platform === 'telegram' ? { id: idOf(name) } : {}), name } }),
    guest: async (phone, action) => (await call<{ entries: PhoneEntry[] }>('POST', `/phones/${encodeURIComponent(phone.id)}/actions`, action)).entries,
    agent: async (conversation, action) =>
      (await call<{ entries: DeskEntry[] }>('POST', `/conversations/${encodeURIComponent(conversation.id)}/actions`, action)).entries,
    phoneEntries: async phone => (await call<PhoneTimeline>('GET', `/phones/${encodeURIComponent(phone.id)}`)).entries,
    conversation: async phone => {
      const { items } = await call<List<Conversation>>('GET', '/conversations')
      const found = items.find(each => each.guest.id === phone.guest.id && each.state === 'open')
      if (found === undefined) throw new Error('no conversation yet')
      return found
    },
    deskEntries: async phone => {
      const { items } = await call<List<Conversation>>('GET', '/conversations')
      const mine = items.filter(each => each.guest.id === phone.guest.id)
      const timelines = await Promise.all(mine.map(each => call<DeskTimeline>('GET', `/conversations/${encodeURIComponent(each.id)}`)))
      return timelines.flatMap(timeline => timeline.entries).sort((a, b) => a.at.localeCompare(b.at))
    },
    upload: async (name, mime, bytes) => (await call<{ id: string }>('POST', `/uploads?name=${encodeURIComponent(name)}`, bytes, mime)).id,
    api: async (method, path, body) => {
      if (token === undefined) await login()
      const answer = await fetch(`${fleet.publicUrl}/api/v1${path}`, {
        method,
        headers: { authorization: `bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) }
    },
    stop: async () => {
      await lab.close()
      await fleet.stop()
    },
  }
  return world
}

function idOf(name: string): string {
  return String(5_000_000_000 + (createHash('sha1').update(name).digest().readUInt32BE(0) % 1_000_000_000))
}
