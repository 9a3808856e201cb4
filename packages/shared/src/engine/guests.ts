import type { Profile } from '../contract/index.ts'
import type { Offer } from '../degrade/index.ts'
import { conversationKey, readProfile } from '../model/index.ts'
import type { Redis } from '../redis/index.ts'

/** What this connector remembers of a guest: how to answer, who it is, what was offered. */
export interface Guest {
  address: Record<string, string>
  profile: Profile
  /** when `profile` was asked for last, ms */
  profileAt: number
  optedOut: boolean
  /** the platform's new address of this conversation */
  movedTo?: string
}
const rememberSeconds = 90 * 86_400
const offerSeconds = 30 * 86_400
const keptOffers = 5
const keptUnread = 50

/** Marks of messages that were handled; see promise 2 in docs/architecture.md. */
const seenSeconds = 26 * 3600

/**
 * The service's memory in its own Redis. Everything about one guest is read in one round trip, together with the mark of the event at hand.
 */
export class GuestBook {
  private readonly redis: Redis
  constructor(redis: Redis) {
    this.redis = redis
  }

  async readWithMark(conversation: string, markId: string): Promise<{ guest: Guest; mark: string | undefined; offers: Offer[] }> {
    const results = await this.redis
      .pipeline()
      .get(markKey(markId))
      .hgetall(guestKey(conversation))
      .lrange(offersKey(conversation), 0, keptOffers - 1)
      .exec()
    const [mark, fields, offers] = (results ?? []).map(([error, value]) => {
      if (error) throw error
      return value
    })
    return {
      mark: (mark as string | null) ?? undefined,
      guest: guestOf((fields ?? {}) as Record<string, string>),
      offers: ((offers ?? []) as string[]).map(text => JSON.parse(text) as Offer),
    }
  }
  async mark(id: string, value = '1', seconds = seenSeconds): Promise<void> {
    await this.redis.set(markKey(id), value, 'EX', seconds)
  }

  /** true for the first who asks */
  async first(id: string): Promise<boolean> {
    return (await this.redis.set(markKey(id), '1', 'EX', seenSeconds, 'NX')) === 'OK'
  }

  /** An event has been dealt with: what is new of its guest (most often nothing), and its mark, in one round trip. */
  async handled(conversation: string, id: string, news: Partial<Guest>): Promise<void> {
    const fields = fieldsOf(news)
    const key = guestKey(conversation)
    const batch = Object.keys(fields).length === 0 ? this.redis.pipeline() : this.redis.multi().hset(key, fields)
    const results = await batch.expire(key, rememberSeconds).set(markKey(id), '1', 'EX', seenSeconds).exec()
    if (results === null) throw new Error('transaction was discarded')
    for (const [error] of results) if (error) throw error
  }

  async remember(conversation: string, guest: Partial<Guest>): Promise<void> {
    const fields = fieldsOf(guest)
    if (Object.keys(fields).length === 0) return
    await this.redis.multi().hset(guestKey(conversation), fields).expire(guestKey(conversation), rememberSeconds).exec()
  }

  async offer(conversation: string, offer: Offer): Promise<void> {
    const key = offersKey(conversation)
    await this.redis
      .multi()
      .lpush(key, JSON.stringify(offer))
      .ltrim(key, 0, keptOffers - 1)
      .expire(key, offerSeconds)
      .exec()
  }
  /** The newest offer went out as numbered lines after all: a number is an answer. */
  async openMenu(conversation: string): Promise<void> {
    const key = offersKey(conversation)
    const text = await this.redis.lindex(key, 0)
    if (text === null) return
    const newest = JSON.parse(text) as Offer
    // nothing to change once the list has ended meanwhile
    if (!newest.menu) await this.redis.lset(key, 0, JSON.stringify({ ...newest, menu: true })).catch(() => undefined)
  }
  /** The newest offer has been answered: a later "2" is just a two. */
  async closeMenu(conversation: string, newest: Offer): Promise<void> {
    await this.redis.lset(offersKey(conversation), 0, JSON.stringify({ ...newest, menu: false })).catch(() => undefined)
  }

  /** platform id → our message, for receipts that come later. `inOrder`: for `takeUnread`, too. */
  async rememberSent(tenantId: string, platformId: string, message: SentMessage, seconds: number, inOrder = false): Promise<void> {
    const batch = this.redis.multi().set(sentKey(tenantId, platformId), JSON.stringify(message), 'EX', seconds)
    if (inOrder) {
      const key = unreadKey(conversationKey(tenantId, message.guest))
      batch.rpush(key, platformId).ltrim(key, -keptUnread, -1).expire(key, seconds)
    }
    await batch.exec()
  }
  /** What was sent to the guest before this one and is not known to be read, oldest first. */
  async unreadBefore(conversation: string, platformId: string): Promise<string[]> {
    const unread = await this.redis.lrange(unreadKey(conversation), 0, -1)
    return unread.slice(0, Math.max(0, unread.indexOf(platformId)))
  }
  /** The guest has read this one and all before it. Ids that come meanwhile go to the other end of the list. */
  async forgetUnread(conversation: string, platformId: string): Promise<void> {
    const place = await this.redis.lpos(unreadKey(conversation), platformId)
    if (place !== null) await this.redis.ltrim(unreadKey(conversation), place + 1, -1)
  }
  async findSent(tenantId: string, platformId: string): Promise<SentMessage | undefined> {
    const text = await this.redis.get(sentKey(tenantId, platformId))
    return text === null ? undefined : (JSON.parse(text) as SentMessage)
  }
}
export interface SentMessage {
  id: string
  guest: string
  origin?: { service: string; id: string }
}

function fieldsOf(guest: Partial<Guest>): Record<string, string> {
  return {
    ...(guest.address === undefined ? {} : { address: JSON.stringify(guest.address) }),
    ...(guest.profile === undefined ? {} : { profile: JSON.stringify(guest.profile) }),
    ...(guest.profileAt === undefined ? {} : { profileAt: String(guest.profileAt) }),
    ...(guest.optedOut === undefined ? {} : { optedOut: guest.optedOut ? '1' : '0' }),
    ...(guest.movedTo === undefined ? {} : { movedTo: guest.movedTo }),
  }
}
function guestOf(fields: Record<string, string>): Guest {
  return {
    address: fields.address === undefined ? {} : (JSON.parse(fields.address) as Record<string, string>),
    profile: fields.profile === undefined ? {} : readProfile(JSON.parse(fields.profile)),
    profileAt: Number(fields.profileAt ?? 0),
    optedOut: fields.optedOut === '1',
    ...(fields.movedTo === undefined ? {} : { movedTo: fields.movedTo }),
  }
}
function guestKey(conversation: string): string {
  return `guest:${conversation}`
}
function offersKey(conversation: string): string {
  return `offers:${conversation}`
}
function unreadKey(conversation: string): string {
  return `unread:${conversation}`
}
function sentKey(tenantId: string, platformId: string): string {
  return `sent:${tenantId}:${platformId}`
}
function markKey(id: string): string {
  return `mark:${id}`
}
