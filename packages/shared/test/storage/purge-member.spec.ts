import { describe, expect, it } from '@jest/globals'
import { purgeMember, readPurge } from '../../src/storage/purge-member.ts'
import { retryDelay } from '../../src/storage/purge-schedule.ts'

describe('purgeMember', () => {
  it('is read as it was written, whatever a guest is called', () => {
    const purge = { storageId: 's', tenantId: 't', guest: 'a/b","c\n', endedAt: 1_772_600_767_000 }

    expect(readPurge(purgeMember(purge))).toEqual(purge)
    expect(readPurge(purgeMember({ ...purge, objectId: 'o' }))).toEqual({ ...purge, objectId: 'o' })
  })

  it('refuses what is none', () => {
    expect(() => readPurge('["s","t"]')).toThrow()
  })
})

describe('retryDelay', () => {
  it('is 1, 5, 15 and 60 minutes, then a day, seven times', () => {
    const minutes = Array.from({ length: 12 }, (_, failures) => retryDelay(failures + 1)).map(delay => delay && delay / 60_000)

    expect(minutes).toEqual([1, 5, 15, 60, 1440, 1440, 1440, 1440, 1440, 1440, 1440, undefined])
  })
})
