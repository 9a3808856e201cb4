import axios, { type AxiosInstance } from 'axios'

/** The API said no. `isTemporary`: it may say yes later. */
export class FleetRefused extends Error {
  override readonly name = 'FleetRefused'
  readonly isTemporary: boolean
  constructor(message: string, isTemporary: boolean) {
    super(message)
    this.isTemporary = isTemporary
  }
}

/** The fleet's REST API, as far as the seed needs it. Every method throws FleetRefused. */
export class FleetApi {
  private readonly http: AxiosInstance
  private readonly user: string
  private readonly password: string
  private token = ''

  constructor(options: { gatewayUrl: string; user: string; password: string; timeoutMs?: number }) {
    this.http = axios.create({ baseURL: `${options.gatewayUrl}/api/v1`, timeout: options.timeoutMs ?? 15_000, validateStatus: () => true, proxy: false })
    this.user = options.user
    this.password = options.password
  }

  /** A refused login is temporary too: the administrator may not have been made yet. */
  async logIn(signal: AbortSignal): Promise<void> {
    const { status, data } = await this.ask('POST', '/auth/login', { user: this.user, password: this.password }, signal)
    if (status !== 200 || typeof data?.token !== 'string') throw new FleetRefused(`log in: ${reasonOf(status, data)}`, true)
    this.token = data.token
  }
  async findByName<T extends { name: string }>(collection: string, name: string, signal: AbortSignal): Promise<T | undefined> {
    const { status, data } = await this.ask('GET', `${collection}?name=${encodeURIComponent(name)}`, undefined, signal)
    if (status !== 200 || !Array.isArray(data)) throw refused(`list ${collection}`, status, data)
    return (data as T[]).find(item => item.name === name)
  }
  async read<T>(path: string, signal: AbortSignal): Promise<T> {
    const { status, data } = await this.ask('GET', path, undefined, signal)
    if (status !== 200) throw refused(`read ${path}`, status, data)
    return data as T
  }
  async create<T>(collection: string, document: object, signal: AbortSignal): Promise<T> {
    const { status, data } = await this.ask('POST', collection, document, signal)
    if (status !== 201) throw refused(`add to ${collection}`, status, data)
    return data as T
  }
  async replace(path: string, document: object, signal: AbortSignal): Promise<void> {
    const { status, data } = await this.ask('PUT', path, document, signal)
    if (status < 200 || status > 299) throw refused('save', status, data)
  }
  /** A merge patch: members that are not named stay. */
  async change(path: string, patch: object, signal: AbortSignal): Promise<void> {
    const { status, data } = await this.ask('PATCH', path, patch, signal)
    if (status < 200 || status > 299) throw refused('save', status, data)
  }

  private async ask(method: string, url: string, body: object | undefined, signal: AbortSignal): Promise<{ status: number; data: Answer }> {
    try {
      const answer = await this.http.request<Answer>({
        method,
        url,
        signal,
        ...(body === undefined ? {} : { data: body }),
        ...(this.token === '' ? {} : { headers: { Authorization: `Bearer ${this.token}` } }),
      })
      return { status: answer.status, data: answer.data }
    } catch (error) {
      throw new FleetRefused(`the API does not answer: ${axios.isAxiosError(error) ? (error.code ?? error.message) : 'unknown error'}`, true)
    }
  }
}

type Answer = { token?: unknown; detail?: unknown; title?: unknown; errors?: unknown } | null

function refused(what: string, status: number, data: Answer): FleetRefused {
  const isTemporary = status >= 500 || status === 429 || status === 401 || status === 408
  return new FleetRefused(`${what}: ${reasonOf(status, data)}`, isTemporary)
}
function reasonOf(status: number, data: Answer): string {
  if (typeof data !== 'object' || data === null) return `HTTP ${status}`
  const fields = Array.isArray(data.errors)
    ? data.errors.map((each: { pointer?: unknown; detail?: unknown }) => `${String(each.pointer)} ${String(each.detail)}`)
    : []
  return [`HTTP ${status}`, typeof data.detail === 'string' ? data.detail : data.title, ...fields].filter(part => typeof part === 'string').join('; ')
}
