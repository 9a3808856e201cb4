import { ApiError } from '@um/shared/errors'
import type { Account, Body, Button, List, NewPhone, Phone, PhoneEntry, PhoneTimeline } from '../../protocol.ts'
import { BoundedMap, newest } from '../bounded-map.ts'
import type { LabContext } from '../context.ts'
import { KeyedQueues } from '../keyed-queues.ts'
import { mediaView, type StoredMedia } from '../media-store.ts'
import { Ring } from '../ring.ts'
import type { Ownership } from '../simulator.ts'

/** The business side: a bot, an official account, a workspace. `data`: what only this platform knows of it. */
export interface AccountState<A> {
  readonly id: string
  name: string
  username?: string
  /** empty: none registered, webhooks wait */
  webhookUrl: string
  lastError?: { message: string; at: number }
  /** webhooks, one after the other per guest */
  readonly queues: KeyedQueues
  readonly data: A
}

/** A guest, who may have a chat with several accounts. */
export interface GuestState<G> {
  readonly id: string
  name: string
  username?: string
  language?: string
  /** media id of the profile picture */
  avatar?: string
  readonly data: G
}

/** What a phone shows. `data`: the platform's own form of the message, for edits, quotes and presses. */
export interface Entry {
  readonly id: string
  readonly from: PhoneEntry['from']
  readonly at: number
  body: Body
  buttons?: Button[][]
  album?: string
  replyTo?: string
  editedAt?: number
  deletedAt?: number
  reactions?: { emoji: string; by: 'guest' | 'business' }[]
  state: PhoneEntry['state']
  attempts?: number
  status?: number
  why?: string
  /** ids by which the fleet may know it */
  refs: string[]
  data?: unknown
}

export interface ChatState<A, G> {
  readonly account: AccountState<A>
  readonly guest: GuestState<G>
  readonly createdAt: number
  lastAt: number
  started: boolean
  blocked: boolean
  typing?: { what: string; until: number }
  keyboard?: Phone['keyboard']
  readonly entries: Ring<Entry>
  readonly byId: Map<string, Entry>
}

/** Accounts, guests and phones of one simulated messenger: what they show, and telling the Lab's page of every change. */
export class PhoneBook<A, G> {
  readonly accounts = new Map<string, AccountState<A>>()
  readonly guests = new Map<string, GuestState<G>>()
  readonly chats: BoundedMap<string, ChatState<A, G>>
  private readonly platform: string
  private readonly context: LabContext
  private readonly owners: Ownership
  private sequence = 0

  constructor(platform: string, context: LabContext, owners: Ownership) {
    this.platform = platform
    this.context = context
    this.owners = owners
    this.chats = new BoundedMap(context.limits.conversations)
  }

  /** The account of that id, made when it is new. */
  account(id: string, facts: { name: string; username?: string; concurrency?: number }, data: () => A): AccountState<A> {
    const known = this.accounts.get(id)
    if (known !== undefined) return known
    const { concurrency = 40, ...named } = facts
    const made: AccountState<A> = { id, ...named, webhookUrl: '', queues: new KeyedQueues(concurrency), data: data() }
    made.queues.pause()
    this.accounts.set(id, made)
    this.accountChanged(made)
    return made
  }
  /** An empty URL: webhooks wait from now on. */
  setWebhook(account: AccountState<A>, url: string): void {
    account.webhookUrl = url
    if (url === '') account.queues.pause()
    else account.queues.resume()
    this.accountChanged(account)
  }
  accountOf(id: string): AccountState<A> {
    const account = this.accounts.get(id)
    if (account === undefined) throw new ApiError('notFound', 'This account is not known.')
    return account
  }

  /** Opens the phone of a guest; `make` gives a new guest's id (when none is wanted) and what the platform knows of it. */
  open(
    account: AccountState<A>,
    wanted: NonNullable<NewPhone['guest']>,
    make: { id: () => string; data: (id: string) => G },
  ): { chat: ChatState<A, G>; created: boolean } {
    const id = wanted.id ?? make.id()
    const key = chatKey(account.id, id)
    const known = this.chats.touch(key)
    if (known !== undefined) return { chat: known, created: false }
    const now = this.context.now().getTime()
    const chat: ChatState<A, G> = {
      account,
      guest: this.guests.get(id) ?? this.newGuest(id, wanted, make.data(id)),
      createdAt: now,
      lastAt: now,
      started: false,
      blocked: false,
      entries: new Ring(this.context.limits.entries),
      byId: new Map(),
    }
    this.chats.set(key, chat)
    this.changed(chat)
    return { chat, created: true }
  }
  private newGuest(id: string, { name, username, language, avatar }: NonNullable<NewPhone['guest']>, data: G): GuestState<G> {
    const guest: GuestState<G> = {
      id,
      name: name ?? firstNames[this.guests.size % firstNames.length] ?? 'Guest',
      language: language ?? 'en',
      ...(username === undefined ? {} : { username }),
      ...(avatar === undefined ? {} : { avatar: this.upload(avatar).id }),
      data,
    }
    this.guests.set(id, guest)
    return guest
  }
  find(account: string, guest: string): ChatState<A, G> | undefined {
    return this.chats.get(chatKey(account, guest))
  }
  /** Throws `notFound`. */
  ofPhone(phone: string): ChatState<A, G> {
    const chat = this.chats.get(phone.slice(this.platform.length + 1))
    if (chat === undefined) throw new ApiError('notFound', 'This phone is not known (any more).')
    return chat
  }
  phoneId(chat: ChatState<A, G>): string {
    return `${this.platform}:${chatKey(chat.account.id, chat.guest.id)}`
  }
  remove(chat: ChatState<A, G>): void {
    const phone = this.phoneId(chat)
    this.chats.delete(chatKey(chat.account.id, chat.guest.id))
    this.context.events.touch(`phone:${phone}`, () => ({ type: 'phoneRemoved', phone }))
  }

  /** A new entry on the phone. What falls out of the history can no longer be quoted, edited or pressed. */
  add(chat: ChatState<A, G>, facts: Omit<Entry, 'id' | 'at' | 'refs'> & { id?: string; refs?: string[] }): Entry {
    this.sequence += 1
    const entry: Entry = { refs: [], ...facts, id: facts.id ?? `${this.sequence}`, at: this.context.now().getTime() }
    const fallen = chat.entries.push(entry)
    if (fallen !== undefined) chat.byId.delete(fallen.id)
    chat.byId.set(entry.id, entry)
    chat.lastAt = entry.at
    if (entry.from === 'guest') chat.started = true
    if (entry.from === 'business') delete chat.typing
    this.chats.touch(chatKey(chat.account.id, chat.guest.id))
    this.entryChanged(chat, entry)
    this.changed(chat)
    return entry
  }
  /** Throws `notFound`. */
  entryOf(chat: ChatState<A, G>, id: string): Entry {
    const entry = chat.byId.get(id)
    if (entry === undefined) throw new ApiError('notFound', 'This message is not on the phone (any more).')
    return entry
  }
  /** A file that was uploaded to the Lab. Throws `invalid`. */
  upload(id: string): StoredMedia {
    const stored = this.context.media.get(id)
    if (stored === undefined) throw new ApiError('invalid', 'The upload is not known (any more).', { fields: [{ pointer: '/upload', detail: 'is not known' }] })
    return stored
  }
  setTyping(chat: ChatState<A, G>, milliseconds: number, what = 'typing'): void {
    if (milliseconds <= 0) delete chat.typing
    else chat.typing = { what, until: this.context.now().getTime() + milliseconds }
    this.changed(chat)
  }

  changed(chat: ChatState<A, G>): void {
    const phone = this.phoneId(chat)
    const key = chatKey(chat.account.id, chat.guest.id)
    this.context.events.touch(`phone:${phone}`, () => (this.chats.has(key) ? { type: 'phone', phone: this.phoneView(chat) } : undefined))
  }
  entryChanged(chat: ChatState<A, G>, entry: Entry): void {
    this.context.events.touch(`entry:${this.phoneId(chat)}:${entry.id}`, () => ({ type: 'phoneEntry', entry: this.entryView(chat, entry) }))
  }
  accountChanged(account: AccountState<A>): void {
    this.context.events.touch(`account:${this.platform}:${account.id}`, () => ({ type: 'account', account: this.accountView(account) }))
  }

  accountViews(): Account[] {
    return [...this.accounts.values()].map(account => this.accountView(account))
  }
  phones(limit: number): List<Phone> {
    const { items, more } = newest(this.chats, limit)
    return { items: items.map(chat => this.phoneView(chat)), more }
  }
  timeline(chat: ChatState<A, G>, limit: number): PhoneTimeline {
    return {
      phone: this.phoneView(chat),
      entries: chat.entries.last(limit).map(entry => this.entryView(chat, entry)),
      truncated: chat.entries.total > Math.min(limit, chat.entries.size),
    }
  }
  /** Forgets phones and what waits for them; accounts and their webhooks stay. */
  reset(): void {
    this.chats.clear()
    this.guests.clear()
    for (const { queues } of this.accounts.values()) queues.clear()
  }
  close(): void {
    for (const { queues } of this.accounts.values()) queues.close()
  }
  get pending(): number {
    let waiting = 0
    for (const { queues } of this.accounts.values()) waiting += queues.size
    return waiting
  }

  accountView(account: AccountState<A>): Account {
    return {
      platform: this.platform,
      id: account.id,
      name: account.name,
      ...(account.username === undefined ? {} : { username: account.username }),
      ...this.owners.ofAccount(this.platform, account.id),
      webhook: {
        url: account.webhookUrl,
        pending: account.queues.size,
        ...(account.lastError === undefined ? {} : { lastError: account.lastError.message, lastErrorAt: isoTime(account.lastError.at) }),
      },
    }
  }
  phoneView(chat: ChatState<A, G>): Phone {
    const { guest, account, typing, keyboard } = chat
    const avatar = guest.avatar === undefined ? undefined : this.context.media.get(guest.avatar)
    const isTyping = typing !== undefined && typing.until > this.context.now().getTime()
    return {
      id: this.phoneId(chat),
      platform: this.platform,
      account: account.id,
      ...this.owners.ofAccount(this.platform, account.id),
      guest: {
        id: guest.id,
        name: guest.name,
        ...(guest.username === undefined ? {} : { username: guest.username }),
        ...(guest.language === undefined ? {} : { language: guest.language }),
        ...(avatar === undefined ? {} : { avatar: mediaView(avatar) }),
      },
      createdAt: isoTime(chat.createdAt),
      lastAt: isoTime(chat.lastAt),
      blocked: chat.blocked,
      started: chat.started,
      ...(isTyping ? { typingUntil: isoTime(typing.until), typingWhat: typing.what } : {}),
      ...(keyboard === undefined ? {} : { keyboard }),
      entries: chat.entries.total,
    }
  }
  entryView(chat: ChatState<A, G>, { data: _data, at, editedAt, deletedAt, reactions = [], why, ...entry }: Entry): PhoneEntry {
    return {
      ...entry,
      phone: this.phoneId(chat),
      at: isoTime(at),
      ...(editedAt === undefined ? {} : { editedAt: isoTime(editedAt) }),
      ...(deletedAt === undefined ? {} : { deletedAt: isoTime(deletedAt) }),
      ...(reactions.length === 0 ? {} : { reactions }),
      ...(why === undefined || why === '' ? {} : { why }),
    }
  }
}

const firstNames = ['Lena', 'Ole', 'Haru', 'Mira', 'Ivo', 'Noor', 'Teo', 'Ayla', 'Jun', 'Sanne', 'Luca', 'Dara']

function chatKey(account: string, guest: string): string {
  return `${account}:${guest}`
}
function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
