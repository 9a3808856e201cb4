import { ApiError } from '@um/shared/errors'
import type { Redis } from '@um/shared/redis'

/** How often something may fail before it has to wait. */
export interface Patience {
  /** failures without a wait */
  free: number
  /** first wait; doubles with each further failure */
  seconds: number
  maxSeconds: number
}
/** One address that guesses one user's password. */
export const perUser: Patience = { free: 4, seconds: 15, maxSeconds: 900 }
/** Many addresses that guess one user's password: slowed down, but a stranger must not be able to lock the user out for long. */
export const perUserEverywhere: Patience = { free: 99, seconds: 15, maxSeconds: 60 }
/** Many people may share an address. */
export const perAddress: Patience = { free: 49, seconds: 30, maxSeconds: 900 }
/** Failures are forgotten this long after the last one. */
const memorySeconds = 3600

export interface Subject {
  /** 'user:admin', 'address:192.0.2.7' */
  readonly name: string
  readonly patience: Patience
}
/** Counts failed attempts over all replicas. */
export interface Attempts {
  /** Throws ApiError `tooMany` while one of the subjects has to wait. */
  assertFree(subjects: readonly Subject[]): Promise<void>
  /** Answers those who have to wait from now on. */
  failed(subjects: readonly Subject[]): Promise<Subject[]>
  succeeded(subject: Subject): Promise<void>
}

/** 0 while the failures are free. */
export function waitSeconds(failures: number, patience: Patience): number {
  const over = failures - patience.free - 1
  return over < 0 ? 0 : Math.min(patience.seconds * 2 ** Math.min(over, 20), patience.maxSeconds)
}

export function redisAttempts(redis: Redis): Attempts {
  const failures = (subject: Subject) => `attempts:failed:${subject.name}`
  const lock = (subject: Subject) => `attempts:locked:${subject.name}`
  return {
    async assertFree(subjects) {
      const ends = await Promise.all(subjects.map(subject => redis.pttl(lock(subject))))
      const milliseconds = Math.max(...ends)
      if (milliseconds <= 0) return
      const seconds = Math.ceil(milliseconds / 1000)
      throw new ApiError('tooMany', `Too many failed attempts. Try again in ${seconds} s.`, { headers: { 'Retry-After': String(seconds) } })
    },
    async failed(subjects) {
      const locked: Subject[] = []
      for (const subject of subjects) {
        const count = await redis.incr(failures(subject))
        await redis.expire(failures(subject), memorySeconds)
        const seconds = waitSeconds(count, subject.patience)
        if (seconds === 0) continue
        await redis.set(lock(subject), '1', 'EX', seconds)
        locked.push(subject)
      }
      return locked
    },
    async succeeded(subject) {
      await redis.del(failures(subject), lock(subject))
    },
  }
}
