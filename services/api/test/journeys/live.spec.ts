import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { liveJourneys } from '../../src/journeys/live.ts'
import { presentJourney } from '../../src/journeys/present.ts'
import { begin } from './reports.ts'

const second = 1000
beforeEach(() => {
  jest.useFakeTimers({ now: begin })
})
afterEach(() => {
  jest.useRealTimers()
})

/** As much of an answer as the stream needs. */
class FakeAnswer extends EventEmitter {
  text = ''
  destroyed = false
  writableEnded = false
  writableLength = 0
  write(part: string) {
    this.text += part
    return true
  }
  end() {
    this.writableEnded = true
    this.emit('close')
  }
  destroy() {
    this.destroyed = true
    this.emit('close')
  }
  events(name: string): unknown[] {
    return [...this.text.matchAll(/event: (\w+)\ndata: (.*)\n\n/g)].flatMap(([, event, data = '']) => (event === name ? [JSON.parse(data)] : []))
  }
}

function hub(options: { isStillAllowed?: (authorization: string | undefined) => Promise<boolean> } = {}) {
  const subscribers: (EventEmitter & { disconnected: boolean })[] = []
  const redis = {
    duplicate: () => {
      const subscriber = Object.assign(new EventEmitter(), {
        disconnected: false,
        connect: async () => undefined,
        subscribe: async () => undefined,
        disconnect: () => {
          subscriber.disconnected = true
        },
      })
      subscribers.push(subscriber)
      return subscriber
    },
  }
  const asked: string[][] = []
  const finder = {
    isAway: false,
    findAll: async (messages: readonly string[]) => {
      asked.push([...messages])
      if (finder.isAway) throw new Error('away')
      return messages.map(message =>
        presentJourney(
          {
            ...{ message, tenantId: message.split('/')[0] ?? '', guest: 'g', direction: 'toAgent', leftOut: 0 },
            hops: [{ hop: 'received', service: 's', replica: 'r', at: begin }],
          },
          { now: begin },
        ),
      )
    },
    find: async () => undefined,
    list: async () => ({ items: [], next: undefined }),
  }
  let slow = 0
  const live = liveJourneys({
    redis: redis as never,
    finder,
    isStillAllowed: options.isStillAllowed ?? (async () => true),
    slow: {
      increment: () => {
        slow += 1
      },
    },
    log: { debug: () => undefined } as never,
    now: () => new Date(),
  })
  const join = (filter = {}, more: { seconds?: number; until?: Date } = {}) => {
    const out = new FakeAnswer()
    live.admit({ filter, seconds: 3600, authorization: 'Bearer x', until: new Date(begin + 86_400 * second), ...more })(out as unknown as ServerResponse)
    return out
  }
  const news = (...rows: [string, string, string][]) => subscribers.at(-1)?.emit('message', 'c', JSON.stringify(rows))
  const tick = () => jest.advanceTimersByTimeAsync(250)
  return { live, join, news, tick, asked, finder, subscribers, slow: () => slow }
}

describe('the live stream', () => {
  it('tells each listener what it wants, and only that', async () => {
    const { join, news, tick } = hub()
    const [all, one, other] = [join(), join({ tenantId: 't1' }), join({ state: 'failed' })]

    news(['t1/a', 't1', 'g'], ['t2/b', 't2', 'g'])
    await tick()

    expect(all.events('ready')).toHaveLength(1)
    expect(all.events('journey')).toMatchObject([{ message: 't1/a' }, { message: 't2/b' }])
    expect(one.events('journey')).toMatchObject([{ message: 't1/a', hops: [{ hop: 'received' }] }])
    expect(other.events('journey')).toEqual([])
  })

  it('tells once what is heard several times within a moment, and does not read what nobody wants', async () => {
    const { join, news, tick, asked } = hub()
    join({ guest: 'g' })

    news(['t1/a', 't1', 'g'])
    news(['t1/a', 't1', 'g'], ['t1/b', 't1', 'other'])
    await tick()

    expect(asked).toEqual([['t1/a']])
  })

  it('says how much it could not tell', async () => {
    const { join, news, tick } = hub()
    const out = join()

    news(...Array.from({ length: 1500 }, (_, number): [string, string, string] => [`t1/${number}`, 't1', 'g']))
    await tick()
    const atOnce = out.events('journey').length
    for (let times = 0; times < 20; times += 1) await tick()

    expect(atOnce).toBe(100)
    expect(out.events('journey')).toHaveLength(1000)
    expect(out.events('skipped')).toEqual([{ journeys: 500 }])
  })

  it('goes on after Redis was away, and says what it missed', async () => {
    const { join, news, tick, finder } = hub()
    const out = join()
    finder.isAway = true
    news(['t1/a', 't1', 'g'])
    await tick()
    finder.isAway = false
    news(['t1/b', 't1', 'g'])
    await tick()

    expect(out.events('skipped')).toEqual([{ journeys: 1 }])
    expect(out.events('journey')).toMatchObject([{ message: 't1/b' }])
  })

  it('passes over news that are none', async () => {
    const { join, subscribers, tick } = hub()
    const out = join()

    for (const text of ['{', '[1]', '[["a"]]']) subscribers.at(-1)?.emit('message', 'c', text)
    await tick()

    expect(out.events('journey')).toEqual([])
  })

  it('tells a listener that does not read nothing more, cuts it off after ten seconds, and no other', async () => {
    const { live, join, news, tick, slow } = hub()
    const [lazy, keen] = [join(), join()]
    lazy.writableLength = 256 * 1024 + 1

    news(['t1/a', 't1', 'g'])
    await jest.advanceTimersByTimeAsync(10 * second)
    const before = [lazy, keen].map(({ destroyed }) => destroyed)
    await tick()

    expect(before).toEqual([false, false])
    expect([lazy, keen].map(({ destroyed }) => destroyed)).toEqual([true, false])
    expect([lazy, keen].map(out => out.events('journey').length)).toEqual([0, 1])
    expect(live.size).toBe(1)
    expect(slow()).toBe(1)
  })

  it('goes on with a listener that has caught up, and says what it missed', async () => {
    const { join, news, tick } = hub()
    const out = join()
    out.writableLength = 256 * 1024 + 1
    news(['t1/a', 't1', 'g'])
    await jest.advanceTimersByTimeAsync(9 * second)
    out.writableLength = 256 * 1024
    news(['t1/b', 't1', 'g'])
    await tick()
    out.writableLength = 256 * 1024 + 1
    await jest.advanceTimersByTimeAsync(9 * second)

    expect(out.destroyed).toBe(false)
    expect(out.events('skipped')).toEqual([{ journeys: 1 }])
    expect(out.events('journey')).toMatchObject([{ message: 't1/b' }])
  })

  it('shows that it is alive', async () => {
    const { join } = hub()
    const out = join()

    await jest.advanceTimersByTimeAsync(15 * second)

    expect(out.text).toContain('\n: alive\n')
  })

  it('ends when its token is not valid any more', async () => {
    let allowed = true
    const { join, live } = hub({ isStillAllowed: async authorization => allowed && authorization === 'Bearer x' })
    const out = join()
    await jest.advanceTimersByTimeAsync(15 * second)
    const before = out.writableEnded
    allowed = false
    await jest.advanceTimersByTimeAsync(15 * second)

    expect(before).toBe(false)
    expect(out.events('end')).toEqual([{ why: 'the token is not valid any more' }])
    expect(out.writableEnded).toBe(true)
    expect(live.size).toBe(0)
  })

  it.each([
    [{ seconds: 5 }, 5, 'the time is over'],
    [{ seconds: 60, until: new Date(begin + 5 * second) }, 5, 'the token has ended'],
  ])('ends in time %#', async (more, seconds, why) => {
    const { join } = hub()
    const out = join({}, more)

    await jest.advanceTimersByTimeAsync(seconds * second - 1)
    const before = out.writableEnded
    await jest.advanceTimersByTimeAsync(1)

    expect(before).toBe(false)
    expect(out.events('end')).toEqual([{ why }])
  })

  it('refuses more listeners than it can serve', () => {
    const { join } = hub()
    for (let number = 0; number < 64; number += 1) join()

    expect(join).toThrow(expect.objectContaining({ code: 'tooMany' }))
  })

  it('listens at Redis only while somebody listens here', async () => {
    const { join, subscribers } = hub()
    const [first, second] = [join(), join()]
    first.destroy()
    const meanwhile = subscribers.map(({ disconnected }) => disconnected)
    second.destroy()
    const afterwards = subscribers.map(({ disconnected }) => disconnected)
    join()

    expect(meanwhile).toEqual([false])
    expect(afterwards).toEqual([true])
    expect(subscribers.map(({ disconnected }) => disconnected)).toEqual([true, false])
  })

  it('ends all when the service stops', () => {
    const { live, join, subscribers } = hub()
    const outs = [join(), join()]

    live.close()

    expect(outs.every(out => out.writableEnded)).toBe(true)
    expect(outs[0]?.events('end')).toEqual([{ why: 'the service is stopping' }])
    expect(subscribers[0]?.disconnected).toBe(true)
  })
})
