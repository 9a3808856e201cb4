import type {
  Account,
  AgentActionInput,
  AgentActionResult,
  Conversation,
  Desk,
  DeskTimeline,
  Exchange,
  Fault,
  GuestActionInput,
  GuestActionResult,
  Journey,
  LabInfo,
  List,
  NewFaultInput,
  NewPhone,
  Phone,
  PhoneTimeline,
  Problem,
  SeedStatus,
  SimulatorFaults,
  Upload,
} from '../protocol.ts'

/** What the person needs to know when something did not work. */
export interface Trouble {
  title: string
  detail: string
}
export type Answer<T> = { ok: true; value: T } | { ok: false; trouble: Trouble }

export type LabApi = ReturnType<typeof labApi>

/** Long enough for an upload over a slow line, short enough that a dead server is noticed. */
const timeoutMs = 20_000

/** The REST control API (see protocol/api.ts). Never throws: whatever goes wrong is an answer. */
export function labApi(fetchFrom: typeof fetch, base = '/lab/api') {
  async function ask<T>(method: string, path: string, body?: { type: string; content: BodyInit }): Promise<Answer<T>> {
    try {
      const response = await fetchFrom(`${base}${path}`, {
        method,
        signal: AbortSignal.timeout(timeoutMs),
        ...(body === undefined ? {} : { body: body.content, headers: { 'Content-Type': body.type } }),
      })
      if (!response.ok) return { ok: false, trouble: await readProblem(response) }
      return { ok: true, value: (response.status === 204 ? undefined : await response.json()) as T }
    } catch {
      return { ok: false, trouble: { title: 'The Lab does not answer', detail: 'Check that it is still running, then try again. Nothing you typed is lost.' } }
    }
  }
  const get = <T>(path: string) => ask<T>('GET', path)
  const remove = (path: string) => ask<void>('DELETE', path)
  const post = <T>(path: string, value: unknown = {}) => ask<T>('POST', path, { type: 'application/json', content: JSON.stringify(value) })
  const segment = encodeURIComponent

  return {
    info: () => get<LabInfo>('/info'),
    accounts: () => get<List<Account>>('/accounts'),
    phones: () => get<List<Phone>>('/phones'),
    createPhone: (phone: NewPhone) => post<Phone>('/phones', phone),
    phone: (id: string) => get<PhoneTimeline>(`/phones/${segment(id)}`),
    removePhone: (id: string) => remove(`/phones/${segment(id)}`),
    actAsGuest: (phone: string, action: GuestActionInput) => post<GuestActionResult>(`/phones/${segment(phone)}/actions`, action),
    desks: () => get<List<Desk>>('/desks'),
    conversations: () => get<List<Conversation>>('/conversations'),
    conversation: (id: string) => get<DeskTimeline>(`/conversations/${segment(id)}`),
    actAsAgent: (conversation: string, action: AgentActionInput) => post<AgentActionResult>(`/conversations/${segment(conversation)}/actions`, action),
    upload: (file: Blob, name: string) =>
      ask<Upload>('POST', `/uploads?name=${segment(name)}`, { type: file.type || 'application/octet-stream', content: file }),
    journeys: () => get<List<Journey>>('/journeys?limit=100'),
    exchanges: () => get<List<Exchange>>('/exchanges'),
    catalog: () => get<List<SimulatorFaults>>('/faults/catalog'),
    faults: () => get<List<Fault>>('/faults'),
    addFault: (fault: NewFaultInput) => post<Fault>('/faults', fault),
    removeFault: (id: string) => remove(`/faults/${segment(id)}`),
    removeAllFaults: () => remove('/faults'),
    seed: () => post<SeedStatus>('/seed'),
    reset: () => post<void>('/reset'),
  }
}

async function readProblem(response: Response): Promise<Trouble> {
  try {
    const problem = (await response.json()) as Partial<Problem>
    const fields = problem.errors?.map(error => `${error.pointer}: ${error.detail}`) ?? []
    return { title: problem.title ?? `HTTP ${response.status}`, detail: [problem.detail ?? '', ...fields].filter(part => part !== '').join(' ') }
  } catch {
    return { title: 'The Lab refused this', detail: `It answered HTTP ${response.status} without saying why.` }
  }
}
