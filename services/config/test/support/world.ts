import { type Lab, startLab } from '@um/lab'
import { eventually } from '@um/testing'
import { type Fleet, startFleet } from '@um/testing/fleet'

export const admin = { user: 'admin', password: 'violet-harbour-spoon-42' }

/** The fleet with its site, and the Lab as its counterpart. The Lab has put in a storage and a demo tenant per platform that it can simulate. */
export interface World {
  fleet: Fleet
  lab: Lab
  /** of the site */
  url: string
  api<T>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T; etag: string | undefined }>
  /** the Lab's own control, as its page uses it */
  control<T>(method: string, path: string, body?: unknown): Promise<T>
  stop(): Promise<void>
}

interface Listed {
  messaging: { type: string }
  status: { messaging: { status: string }; cxPlatform: { status: string } }
}

export async function startWorld(options: { services?: readonly string[] } = {}): Promise<World> {
  const fleet = await startFleet({
    admin,
    // notifiers of the tests are on this machine
    env: { ALLOWED_PRIVATE_HOSTS: '127.0.0.1', NOTIFIER_ALLOW_ANY_HOST: 'true' },
    ...(options.services === undefined ? {} : { services: options.services }),
  })
  let lab: Lab | undefined
  try {
    lab = await startLab({ gatewayUrl: fleet.publicUrl, adminUser: admin.user, adminPassword: admin.password, rabbitUrl: fleet.broker.url, timeScale: 0.1 })
    const world = worldOf(fleet, lab)
    await eventually(() => lab?.seed?.status.state === 'done', { withinMs: 60_000, what: 'the seed of the Lab' })
    await eventually(
      async () => {
        const { body } = await world.api<Listed[]>('GET', '/tenants')
        const running = new Set(fleet.paths.values())
        const served = body.filter(({ messaging }) => running.has(`${messaging.type}-connector`))
        return served.length > 0 && served.every(({ status }) => status.messaging.status === 'working' && status.cxPlatform.status === 'working')
      },
      { withinMs: 60_000, what: 'all demo tenants working' },
    )
    return world
  } catch (error) {
    await lab?.close()
    await fleet.stop()
    throw error
  }
}

function worldOf(fleet: Fleet, lab: Lab): World {
  let token: Promise<string> | undefined
  const logIn = async (): Promise<string> => {
    const answer = await fetch(`${fleet.publicUrl}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(admin),
    })
    return ((await answer.json()) as { token: string }).token
  }
  return {
    fleet,
    lab,
    url: fleet.publicUrl,
    async api<T>(method: string, path: string, body?: unknown) {
      token ??= logIn()
      const answer = await fetch(`${fleet.publicUrl}/api/v1${path}`, {
        method,
        headers: { authorization: `bearer ${await token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      return { status: answer.status, body: (text === '' ? undefined : JSON.parse(text)) as T, etag: answer.headers.get('etag') ?? undefined }
    },
    async control<T>(method: string, path: string, body?: unknown) {
      const answer = await fetch(`${lab.url}/lab/api${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
      return (text === '' ? undefined : JSON.parse(text)) as T
    },
    async stop() {
      await lab.close()
      await fleet.stop()
    },
  }
}
