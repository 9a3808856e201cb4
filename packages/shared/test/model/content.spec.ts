import { describe, expect, it } from '@jest/globals'
import type { z } from 'zod'
import type { Content, ContentKind, ContentOf, Profile } from '../../src/contract/index.ts'
import { readContent, readProfile, type WireContent, type WireProfile, writeContent } from '../../src/model/index.ts'

/** zod says `field?: X | undefined` where the contract says `field?: X`. */
type Tidy<T> = T extends readonly (infer Item)[] ? Tidy<Item>[] : T extends object ? { [Key in keyof T]: Tidy<Exclude<T[Key], undefined>> } : T
/** Every field as if it were required: an optional one that only one side has makes the two differ. */
type Complete<T> = T extends readonly (infer Item)[] ? Complete<Item>[] : T extends object ? { [Key in keyof T]-?: Complete<Exclude<T[Key], undefined>> } : T
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false
type SameForm<A, B> = Same<Tidy<A>, Tidy<B>> extends true ? Same<Complete<A>, Complete<B>> : false
type Wire = z.infer<typeof WireContent>
/** An edit on the wire holds no edit. */
type Flat = Exclude<Content, { kind: 'edit' }>
type ContractOf<Kind extends ContentKind> = Kind extends 'edit' ? { kind: 'edit'; of: string; content: Flat } : ContentOf<Kind>

type Differences = { [Kind in ContentKind | Wire['kind']]: SameForm<Extract<Wire, { kind: Kind }>, ContractOf<Kind>> extends true ? never : Kind }[
  | ContentKind
  | Wire['kind']]
const noDifference: [Differences] extends [never] ? true : Differences = true
const sameProfile: SameForm<z.infer<typeof WireProfile>, Profile> = true
// the comparison itself finds what it has to find
const missesOptional: SameForm<{ a: string }, { a: string; b?: string }> = false
const missesRequired: SameForm<{ a: string; b: string }, { a: string; b?: string }> = false
const forgivesUndefined: SameForm<{ a: string; b?: string | undefined }, { a: string; b?: string }> = true

const media = { url: 'https://f.example/a', mime: 'image/png', name: 'a', size: 5 }
const samples: { [Kind in ContentKind]: ContentOf<Kind> } = {
  text: { kind: 'text', text: '' },
  attachment: { kind: 'attachment', media: 'video', source: media, caption: 'c', durationSeconds: 1.5 },
  sticker: { kind: 'sticker', stickerId: '1', packageId: '2', emoji: '😀', source: { platformId: 'p', mime: 'image/webp' } },
  location: { kind: 'location', latitude: -1.5, longitude: 0, title: 't', address: 'a', url: 'https://m.example' },
  contact: { kind: 'contact', name: 'Ann', phones: [], emails: ['a@b.example'], vcard: 'BEGIN:VCARD' },
  structured: {
    kind: 'structured',
    template: 'cards',
    text: 'Which?',
    items: [
      {
        title: 'A',
        payload: 'p',
        url: 'https://u.example',
        token: 'um:1',
        description: 'd',
        imageUrl: 'https://i.example',
        section: 's',
        at: 'x',
        durationSeconds: 1,
        actions: [{ title: 'B' }],
      },
    ],
  },
  choice: { kind: 'choice', payload: 'p', label: 'l', of: 'm', template: 'form', expired: true },
  typing: { kind: 'typing', on: false, durationSeconds: 3 },
  system: { kind: 'system', text: 'Ole joined' },
  edit: { kind: 'edit', of: 'm', content: { kind: 'text', text: 'new' } },
  withdrawn: { kind: 'withdrawn', of: 'm' },
  reaction: { kind: 'reaction', of: 'm', emoji: '👍', on: true },
  unsupported: { kind: 'unsupported', what: 'poll', text: 't', reason: 'r', raw: { any: ['thing', null] } },
}

describe('content on the wire', () => {
  it('has the form of the contract', () => {
    expect([noDifference, sameProfile, missesOptional, missesRequired, forgivesUndefined]).toEqual([true, true, false, false, true])
  })

  it.each(Object.values(samples).map(content => [content.kind, content] as const))('carries every field of %s', (_kind, content) => {
    expect(readContent(JSON.parse(JSON.stringify(writeContent(content))))).toEqual(content)
  })

  it('is refused when it is not of the contract', () => {
    const broken = [
      { kind: 'poll' },
      { kind: 'text' },
      { kind: 'typing', on: 'yes' },
      { kind: 'attachment', media: 'image', source: {} },
      { kind: 'edit', of: 'm', content: samples.edit },
    ]

    for (const content of broken) expect(() => readContent(content)).toThrow(expect.objectContaining({ name: 'ZodError' }))
  })

  it('carries profiles', () => {
    const profile: Profile = {
      displayName: 'Lena',
      firstName: 'L',
      lastName: 'K',
      nickname: 'n',
      email: 'a@b.example',
      phone: '+431',
      avatar: media,
      participantData: { locale: 'ja' },
    }

    expect(readProfile(JSON.parse(JSON.stringify(profile)))).toEqual(profile)
    expect(() => readProfile({ displayName: 5 })).toThrow()
  })
})
