import { setTimeout as sleep } from 'node:timers/promises'

export interface TenantStatus {
  id: string
  name: string
  status?: { messaging?: { status: string; lastError?: string }; cxPlatform?: { status: string; lastError?: string } }
}

const timeoutMs = 15_000
const attempts = 20
const pauseMs = 500

/** The fleet's REST API, as far as a run needs it. Repeats what an `api` that is just starting cannot answer. */
export class FleetApi {
  private readonly base: string
  private readonly admin: { user: string; password: string }
  private token: string | undefined

  constructor(gatewayUrl: string, admin: { user: string; password: string }) {
    this.base = `${gatewayUrl}/api/v1`
    this.admin = admin
  }

  create<T>(collection: string, document: object): Promise<T> {
    return this.ask('POST', collection, document)
  }
  list<T>(collection: string): Promise<T[]> {
    return this.ask('GET', collection)
  }
  async remove(path: string): Promise<void> {
    await this.ask('DELETE', path)
  }

  private async ask<T>(method: string, path: string, body?: object): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        this.token ??= await this.logIn()
        return await this.once(method, path, body, this.token)
      } catch (error) {
        const isTemporary = !(error instanceof ApiRefused) || error.status >= 500 || error.status === 401 || error.status === 429
        if (!isTemporary || attempt >= attempts) throw error
        if (error instanceof ApiRefused && error.status === 401) this.token = undefined
        await sleep(pauseMs)
      }
    }
  }
  private async logIn(): Promise<string> {
    return (await this.once<{ token: string }>('POST', '/auth/login', this.admin, undefined)).token
  }
  private async once<T>(method: string, path: string, body: object | undefined, token: string | undefined): Promise<T> {
    const answer = await fetch(`${this.base}${path}`, {
      method,
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new ApiRefused(answer.status, `the fleet refuses ${method} ${path}: ${answer.status} ${text.slice(0, 300)}`)
    return (text === '' ? undefined : JSON.parse(text)) as T
  }
}

export class ApiRefused extends Error {
  override readonly name = 'ApiRefused'
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}
