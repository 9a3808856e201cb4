import type {
  Account,
  AgentAction,
  Body,
  Conversation,
  DeskEntry,
  Exchange,
  Fault,
  GuestAction,
  JourneyHop,
  LabEvent,
  LabInfo,
  MediaView,
  NewFault,
  NewPhone,
  Phone,
  PhoneEntry,
} from '../src/protocol.ts'
import { bodyOf, offerOf } from './page-fake-bodies.ts'
import { catalog, telegramActions } from './page-fake-catalog.ts'

/** A scripted Lab: everything that the page shows, and a fleet that carries each message across at once, without any of it being there. */
export class FakeWorld {
  readonly accounts: Account[] = [
    accountOf('telegram', '7001', 'ACME support bot', 'ACME and Telegram'),
    accountOf('line', '1650', 'ACME official', 'ACME and LINE'),
  ]
  readonly phones = new Map<string, Phone>()
  readonly phoneEntries = new Map<string, PhoneEntry[]>()
  readonly conversations = new Map<string, Conversation>()
  readonly deskEntries = new Map<string, DeskEntry[]>()
  readonly hops: JourneyHop[] = []
  readonly exchanges: Exchange[] = []
  readonly media = new Map<string, { view: MediaView; bytes: Buffer }>()
  faults: Fault[] = []
  /** what the page asked for, checked by the protocol's own schemas */
  readonly guestActions: GuestAction[] = []
  readonly agentActions: AgentAction[] = []
  private readonly emit: (event: LabEvent) => void
  private number = 0
  private clock = Date.now() - 60_000

  constructor(emit: (event: LabEvent) => void) {
    this.emit = emit
  }

  info(instance: string): LabInfo {
    return {
      instance,
      startedAt: this.at(),
      platforms: [
        { id: 'telegram', label: 'Telegram', simulator: 'telegram', actions: telegramActions },
        { id: 'line', label: 'LINE', simulator: 'line', actions: telegramActions.filter(does => !['edit', 'react', 'start', 'contact'].includes(does)) },
      ],
      simulators: ['telegram', 'line', 'genesys'].map((id, index) => ({
        id,
        label: ['Telegram', 'LINE', 'Genesys Cloud'][index] ?? id,
        url: `http://127.0.0.1:${19000 + index}`,
        up: true,
        counters: {},
      })),
      gateway: { state: 'up', url: 'http://127.0.0.1:8080', links: [{ title: 'Admin site', url: 'http://127.0.0.1:8080/' }] },
      journal: { state: 'up', hops: this.hops.length },
      seed: { state: 'done', steps: [{ step: 'Tenant ACME and Telegram', ok: true, at: this.at() }], tenants: [] },
    }
  }

  createPhone({ platform, account, guest }: NewPhone): Phone {
    const business = this.accounts.find(known => known.platform === platform && (account === undefined || known.id === account))
    if (business === undefined) throw new Error('no such account')
    const id = guest?.id ?? String(900_000 + this.next())
    const phone: Phone = {
      id: `${platform}:${business.id}:${id}`,
      platform,
      account: business.id,
      ...(business.tenantId === undefined ? {} : { tenantId: business.tenantId }),
      ...(business.tenantName === undefined ? {} : { tenantName: business.tenantName }),
      guest: { id, name: guest?.name ?? `Guest ${id.slice(-2)}`, language: guest?.language ?? 'en' },
      createdAt: this.at(),
      lastAt: this.at(),
      blocked: false,
      started: false,
      entries: 0,
    }
    this.putPhone(phone)
    return phone
  }

  actAsGuest(phone: Phone, action: GuestAction): PhoneEntry[] {
    this.guestActions.push(action)
    if (action.do === 'block' || action.do === 'unblock') {
      this.putPhone({ ...phone, blocked: action.do === 'block' })
      return []
    }
    if (action.do === 'react') {
      const entry = this.entryOf(phone.id, action.entry)
      return [this.putPhoneEntry({ ...entry, reactions: action.on ? [{ emoji: action.emoji, by: 'guest' }] : [] })]
    }
    if (action.do === 'edit') {
      return [this.putPhoneEntry({ ...this.entryOf(phone.id, action.entry), body: { kind: 'text', text: action.text }, editedAt: this.at() })]
    }
    if (action.do === 'album') return action.uploads.map(upload => this.write(phone, { kind: 'photo', media: this.view(upload) }))
    return [this.write(phone, bodyOf(action, this.view, this.offered(phone, action)))]
  }

  /** On its way to the desk, hop by hop. */
  private write(phone: Phone, body: Body): PhoneEntry {
    const id = String(this.next())
    const entry: PhoneEntry = { id, phone: phone.id, from: 'guest', at: this.at(), body, state: 'queued', refs: [`${phone.guest.id}:${id}`] }
    this.putPhoneEntry(entry)
    this.putPhone({ ...phone, started: true, lastAt: entry.at, entries: phone.entries + 1 })
    if (this.isOn('webhookDown')) {
      this.putPhoneEntry({ ...entry, state: 'retrying', attempts: 2, status: 502, why: 'Bad gateway' })
      return entry
    }
    const conversation = this.conversationOf(phone)
    const message = `0195a3f0-0000-4000-8000-${id.padStart(12, '0')}`
    const common = { tenantId: phone.tenantId ?? '', guest: phone.guest.id, message, direction: 'toAgent' as const, kind: body.kind }
    this.hop({ ...common, service: `${phone.platform}-connector`, hop: 'received', platformId: entry.refs[0] ?? '' })
    this.hop({ ...common, service: `${phone.platform}-connector`, hop: 'published' })
    this.putPhoneEntry({ ...entry, state: 'delivered', attempts: 1, status: 200 })
    this.exchange({ simulator: phone.platform, direction: 'webhook', operation: 'message', status: 200, ms: 21 })
    this.hop({ ...common, service: 'gcloudcx-connector', hop: 'consumed' })
    const deskId = `desk-${id}`
    this.hop({ ...common, service: 'gcloudcx-connector', hop: 'sent', platformId: deskId, detail: { status: 202 } })
    this.putDeskEntry({ id: deskId, conversation: conversation.id, from: 'customer', at: this.at(), body, state: 'received', refs: [deskId] })
    return entry
  }

  actAsAgent(conversation: Conversation, action: AgentAction): DeskEntry[] {
    this.agentActions.push(action)
    const phone = [...this.phones.values()].find(known => known.guest.id === conversation.guest.id)
    if (phone === undefined) throw new Error('no phone')
    if (action.do === 'typing') {
      this.putPhone({ ...phone, typingUntil: new Date(Date.now() + 60_000).toISOString(), typingWhat: 'typing' })
      return []
    }
    if (action.do === 'disconnect') {
      this.putConversation({ ...conversation, state: 'ended', endedAt: this.at() })
      return []
    }
    const id = `agent-${this.next()}`
    const body = offerOf(action, this.view)
    const from = 'bot' in action && action.bot === true ? 'bot' : 'agent'
    const entry: DeskEntry = { id, conversation: conversation.id, from, authorName: 'Alex', at: this.at(), body, state: 'delivered', refs: [id] }
    this.putDeskEntry(entry)
    const common = {
      tenantId: phone.tenantId ?? '',
      guest: phone.guest.id,
      message: `0195a3f0-0000-4000-9000-${String(this.next()).padStart(12, '0')}`,
      direction: 'toGuest' as const,
      kind: body.kind,
    }
    this.hop({ ...common, service: 'gcloudcx-connector', hop: 'received', platformId: id })
    this.hop({ ...common, service: `${phone.platform}-connector`, hop: 'consumed' })
    if (phone.blocked) {
      this.hop({ ...common, service: `${phone.platform}-connector`, hop: 'failed', detail: { status: 403, why: 'The guest has blocked the account' } })
      const reasons = [{ code: 'general.forbidden', message: 'The guest has blocked the account' }]
      this.putDeskEntry({ ...entry, receipts: [{ status: 'Failed', at: this.at(), reasons, final: true }] })
      this.putPhoneEntry(this.businessEntry(phone, body, { state: 'refused', status: 403, why: 'Forbidden: bot was blocked by the user' }))
      return [entry]
    }
    const limit = this.faults.find(fault => fault.kind === 'rateLimit')
    if (limit !== undefined) {
      this.putFaults(this.faults.map(fault => (fault === limit ? { ...fault, matched: fault.matched + 1, hits: fault.hits + 1, lastHitAt: this.at() } : fault)))
      this.hop({
        ...common,
        service: `${phone.platform}-connector`,
        hop: 'waiting',
        detail: { status: 429, why: 'Too Many Requests', waitMilliseconds: 5_000, attempt: 1 },
      })
      return [entry]
    }
    const shown = this.businessEntry(phone, body, { state: 'shown' })
    this.hop({ ...common, service: `${phone.platform}-connector`, hop: 'sent', platformId: shown.refs[0] ?? '', detail: { status: 200 } })
    this.putPhone({ ...phone, lastAt: shown.at, entries: phone.entries + 1 })
    this.putPhoneEntry(shown)
    this.putDeskEntry({ ...entry, receipts: [{ status: 'Delivered', at: this.at(), reasons: [], final: true }] })
    return [entry]
  }

  addFault(wanted: NewFault): Fault {
    const kind = catalog.find(known => known.simulator === wanted.simulator)?.kinds.find(known => known.kind === wanted.kind)
    const fault: Fault = { ...wanted, id: `fault-${this.next()}`, title: kind?.title ?? wanted.kind, createdAt: this.at(), matched: 0, hits: 0 } as Fault
    this.putFaults([...this.faults, fault])
    return fault
  }
  putFaults(faults: Fault[]): void {
    this.faults = faults
    this.emit({ type: 'faults', faults })
  }

  private isOn(kind: string): boolean {
    return this.faults.some(fault => fault.kind === kind)
  }
  private businessEntry(phone: Phone, body: Body, rest: Pick<PhoneEntry, 'state' | 'status' | 'why'>): PhoneEntry {
    const id = String(this.next())
    return { id, phone: phone.id, from: 'business', at: this.at(), body, refs: [`${phone.guest.id}:${id}`], ...rest }
  }
  private conversationOf(phone: Phone): Conversation {
    const known = [...this.conversations.values()].find(one => one.guest.id === phone.guest.id && one.state === 'open')
    if (known !== undefined) return known
    const [firstName = '', lastName = ''] = phone.guest.name.split(' ')
    const conversation: Conversation = {
      id: `conversation-${this.next()}`,
      desk: 'integration-1',
      deskName: phone.tenantName ?? 'ACME',
      ...(phone.tenantId === undefined ? {} : { tenantId: phone.tenantId }),
      guest: { id: phone.guest.id, name: phone.guest.name, firstName, lastName },
      participantData: { locale: phone.guest.language ?? 'en', platform: phone.platform },
      state: 'open',
      startedAt: this.at(),
      lastAt: this.at(),
      agent: { name: 'Alex' },
      entries: 0,
      preview: '',
    }
    this.putConversation(conversation)
    return conversation
  }

  private offered(phone: Phone, action: GuestAction): Body | undefined {
    return action.do === 'press' && action.entry !== undefined ? this.entryOf(phone.id, action.entry).body : undefined
  }
  private readonly view = (upload: string): MediaView => {
    const stored = this.media.get(upload)
    if (stored === undefined) throw new Error('no such upload')
    return stored.view
  }
  private entryOf(phone: string, id: string): PhoneEntry {
    const entry = this.phoneEntries.get(phone)?.find(known => known.id === id)
    if (entry === undefined) throw new Error('no such entry')
    return entry
  }
  putPhone(phone: Phone): void {
    this.phones.set(phone.id, phone)
    this.emit({ type: 'phone', phone })
  }
  putPhoneEntry(entry: PhoneEntry): PhoneEntry {
    this.phoneEntries.set(entry.phone, upserted(this.phoneEntries.get(entry.phone), entry))
    this.emit({ type: 'phoneEntry', entry })
    return entry
  }
  putConversation(conversation: Conversation): void {
    this.conversations.set(conversation.id, conversation)
    this.emit({ type: 'conversation', conversation })
  }
  putDeskEntry(entry: DeskEntry): void {
    this.deskEntries.set(entry.conversation, upserted(this.deskEntries.get(entry.conversation), entry))
    this.emit({ type: 'deskEntry', entry })
    const conversation = this.conversations.get(entry.conversation)
    if (conversation === undefined) return
    const preview = entry.body.kind === 'text' ? entry.body.text : entry.body.kind
    this.putConversation({ ...conversation, lastAt: entry.at, entries: conversation.entries + 1, preview })
  }
  exchange(exchange: Omit<Exchange, 'seq' | 'at'>): void {
    const full: Exchange = { ...exchange, seq: this.next(), at: this.at() }
    this.exchanges.unshift(full)
    this.emit({ type: 'exchange', exchange: full })
  }
  hop(hop: Omit<JourneyHop, 'seq' | 'at' | 'replica'>): void {
    const full: JourneyHop = { ...hop, seq: this.next(), replica: `${hop.service}-0`, at: this.at() }
    this.hops.push(full)
    this.emit({ type: 'hop', hop: full })
  }

  private next(): number {
    this.number += 1
    return this.number
  }
  /** Each moment is a little later than the one before. */
  private at(): string {
    this.clock += 7 + (this.number % 5) * 4
    return new Date(this.clock).toISOString()
  }
}

function accountOf(platform: string, id: string, name: string, tenantName: string): Account {
  return { platform, id, name, tenantId: `tenant-${platform}`, tenantName, webhook: { url: `http://127.0.0.1:8080/${platform}`, pending: 0 } }
}

function upserted<T extends { id: string }>(entries: T[] | undefined, entry: T): T[] {
  const known = entries ?? []
  return known.some(one => one.id === entry.id) ? known.map(one => (one.id === entry.id ? entry : one)) : [...known, entry]
}
