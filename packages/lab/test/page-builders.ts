import { initialState, type LabState, reduce, type Snapshot } from '../src/page/state.ts'
import type { Account, Conversation, DeskEntry, JourneyHop, LabEvent, LabInfo, Phone, PhoneEntry } from '../src/protocol.ts'

/** Seconds after a fixed moment, as the Lab writes times. */
export function at(seconds: number): string {
  return new Date(Date.UTC(2026, 0, 2, 3, 4, 5) + seconds * 1_000).toISOString()
}

export function account(more: Partial<Account> = {}): Account {
  return { platform: 'telegram', id: '7001', name: 'ACME bot', tenantId: 'tenant-1', webhook: { url: '', pending: 0 }, ...more }
}
export function phone(more: Partial<Phone> = {}): Phone {
  return {
    id: 'telegram:7001:42',
    platform: 'telegram',
    account: '7001',
    tenantId: 'tenant-1',
    guest: { id: '42', name: 'Mia Tanaka' },
    createdAt: at(0),
    lastAt: at(0),
    blocked: false,
    started: true,
    entries: 0,
    ...more,
  }
}
export function phoneEntry(id: string, more: Partial<PhoneEntry> = {}): PhoneEntry {
  return {
    id,
    phone: 'telegram:7001:42',
    from: 'guest',
    at: at(Number(id)),
    body: { kind: 'text', text: `text ${id}` },
    state: 'delivered',
    refs: [`42:${id}`],
    ...more,
  }
}
export function conversation(more: Partial<Conversation> = {}): Conversation {
  return {
    id: 'c1',
    desk: 'integration-1',
    deskName: 'ACME',
    tenantId: 'tenant-1',
    guest: { id: '42', name: 'Mia Tanaka' },
    participantData: {},
    state: 'open',
    startedAt: at(0),
    lastAt: at(0),
    agent: { name: 'Alex' },
    entries: 0,
    preview: '',
    ...more,
  }
}
export function deskEntry(id: string, more: Partial<DeskEntry> = {}): DeskEntry {
  return {
    id,
    conversation: 'c1',
    from: 'customer',
    at: at(Number(id)),
    body: { kind: 'text', text: `text ${id}` },
    state: 'received',
    refs: [`desk-${id}`],
    ...more,
  }
}
export function hop(seq: number, name: string, more: Partial<JourneyHop> = {}): JourneyHop {
  return {
    seq,
    tenantId: 'tenant-1',
    guest: '42',
    message: 'm1',
    service: 'telegram-connector',
    replica: 'telegram-connector-0',
    hop: name,
    direction: 'toAgent',
    at: at(seq),
    ...more,
  }
}

export const info: LabInfo = {
  instance: 'one',
  startedAt: at(0),
  platforms: [{ id: 'telegram', label: 'Telegram', simulator: 'telegram', actions: ['text', 'photo', 'press'] }],
  simulators: [],
  gateway: { state: 'up', links: [] },
  journal: { state: 'up', hops: 0 },
  seed: { state: 'done', steps: [], tenants: [] },
}

export function snapshot(more: Partial<Snapshot> = {}): Snapshot {
  return { info, accounts: [account()], phones: [], desks: [], conversations: [], journeys: [], exchanges: [], faults: [], catalog: [], ...more }
}
export function loaded(more: Partial<Snapshot> = {}): LabState {
  return reduce(initialState, { type: 'loaded', snapshot: snapshot(more) })
}
export function told(state: LabState, ...events: LabEvent[]): LabState {
  return reduce(state, { type: 'events', events })
}
