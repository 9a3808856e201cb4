import type {
  Account,
  AgentActionInput,
  AgentActionResult,
  Audit,
  Conversation,
  DeskTimeline,
  Exchange,
  Fault,
  GuestActionInput,
  GuestActionResult,
  LabInfo,
  List,
  NewFaultInput,
  NewPhone,
  Phone,
  PhoneTimeline,
  Upload,
} from '@um/lab/protocol'

const timeoutMs = 30_000
/** the most that a list of the Lab holds */
export const mostItems = 1000

/** The Lab's HTTP control API, as far as a run needs it. */
export class LabClient {
  private readonly base: string
  constructor(labUrl: string) {
    this.base = `${labUrl}/lab/api`
  }

  info(): Promise<LabInfo> {
    return this.ask('GET', '/info')
  }
  async accounts(): Promise<Account[]> {
    return (await this.ask<List<Account>>('GET', '/accounts')).items
  }
  openPhone(phone: NewPhone): Promise<Phone> {
    return this.ask('POST', '/phones', phone)
  }
  guestDoes(phone: string, action: GuestActionInput): Promise<GuestActionResult> {
    return this.ask('POST', `/phones/${encodeURIComponent(phone)}/actions`, action)
  }
  phone(id: string, limit: number): Promise<PhoneTimeline> {
    return this.ask('GET', `/phones/${encodeURIComponent(id)}?limit=${limit}`)
  }
  async conversations(): Promise<Conversation[]> {
    return (await this.ask<List<Conversation>>('GET', `/conversations?limit=${mostItems}`)).items
  }
  agentDoes(conversation: string, action: AgentActionInput): Promise<AgentActionResult> {
    return this.ask('POST', `/conversations/${encodeURIComponent(conversation)}/actions`, action)
  }
  conversation(id: string, limit: number): Promise<DeskTimeline> {
    return this.ask('GET', `/conversations/${encodeURIComponent(id)}?limit=${limit}`)
  }
  upload(name: string, mime: string, bytes: Buffer): Promise<Upload> {
    return this.ask('POST', `/uploads?name=${encodeURIComponent(name)}`, bytes, mime)
  }
  /** latest first */
  async exchanges(simulator: string): Promise<Exchange[]> {
    return (await this.ask<List<Exchange>>('GET', `/exchanges?simulator=${simulator}&limit=${mostItems}`)).items
  }
  audit(simulator: string): Promise<Audit> {
    return this.ask('GET', `/audit/${simulator}`)
  }
  addFault(fault: NewFaultInput): Promise<Fault> {
    return this.ask('POST', '/faults', fault)
  }
  /** One that has ended by itself is no error. */
  async removeFault(id: string): Promise<void> {
    await this.ask('DELETE', `/faults/${encodeURIComponent(id)}`).catch(error => {
      if (!(error instanceof LabRefused) || error.status !== 404) throw error
    })
  }

  private async ask<T>(method: string, path: string, body?: object, mime = 'application/json'): Promise<T> {
    const sent = body === undefined ? undefined : body instanceof Buffer ? new Uint8Array(body) : JSON.stringify(body)
    const answer = await fetch(`${this.base}${path}`, {
      method,
      signal: AbortSignal.timeout(timeoutMs),
      ...(sent === undefined ? {} : { body: sent, headers: { 'content-type': mime } }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new LabRefused(answer.status, `the Lab refuses ${method} ${path.split('?')[0]}: ${answer.status} ${text.slice(0, 300)}`)
    return (text === '' ? undefined : JSON.parse(text)) as T
  }
}

export class LabRefused extends Error {
  override readonly name = 'LabRefused'
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}
