import { describe, expect, it } from '@jest/globals'
import { eventually } from '@um/testing'
import type { Destination, OutgoingRequest } from '../../src/notify/destination.ts'
import type { Notice } from '../../src/notify/notice.ts'
import { Outbox, type SendFailure } from '../../src/notify/outbox.ts'
import type { PostAnswer } from '../../src/notify/post.ts'
import { aborted, FakeClock } from './fake-clock.ts'
import { noticeOf } from './notices.ts'

const info = (message: string) => noticeOf({ event: 'service.started', message })
const grave = (message: string) => noticeOf({ event: 'subscription.error', message })
const answers = { ok: { status: 200, retryAfter: null, text: 'ok' }, down: { status: 503, retryAfter: null, text: 'busy' } } satisfies Record<
  string,
  PostAnswer
>

function setUp(options: { spacingMilliseconds?: number; tooManySeconds?: number; tryMilliseconds?: number } = {}) {
  const clock = new FakeClock()
  const urls: string[] = []
  const told = { delivered: 0, failed: [] as [string, SendFailure][], dropped: [] as string[], bugs: [] as unknown[] }
  const destination: Destination = {
    id: 'd',
    type: 'slack',
    minSeverity: 'info',
    alwaysRendered: [],
    masked: 'https://hooks.slack.com/***',
    spacingMilliseconds: options.spacingMilliseconds ?? 0,
    tooManySeconds: options.tooManySeconds,
    render: notice => [{ url: notice.message, body: {} }],
    redact: text => text.replaceAll('s3cr3t', '***'),
  }
  const world = {
    clock,
    urls,
    told,
    destination: destination as Destination | undefined,
    respond: (async () => answers.ok) as (request: OutgoingRequest, signal: AbortSignal) => Promise<PostAnswer>,
  }
  const outbox = new Outbox({
    destination: () => world.destination,
    post: (request, signal) => {
      urls.push(request.url)
      return world.respond(request, signal)
    },
    events: {
      delivered: () => {
        told.delivered += 1
      },
      failed: (_destination, notice: Notice, failure) => told.failed.push([notice.message, failure]),
      dropped: notice => told.dropped.push(notice.message),
      bug: error => told.bugs.push(error),
    },
    clock,
    timing: { tryMilliseconds: options.tryMilliseconds ?? 40, closingTryMilliseconds: 20 },
  })
  return { ...world, outbox, world }
}

describe('an outbox', () => {
  it('sends in order, one after the other', async () => {
    const { outbox, urls, told, world } = setUp()
    let open = 0
    world.respond = async () => {
      open += 1
      expect(open).toBe(1)
      await Promise.resolve()
      open -= 1
      return answers.ok
    }

    for (const text of ['a', 'b', 'c']) outbox.push(info(text))

    await eventually(() => expect(told.delivered).toBe(3))
    expect(urls).toEqual(['a', 'b', 'c'])
    expect(told.failed).toEqual([])
  })

  it('keeps the pause that a destination needs between requests', async () => {
    const { outbox, told, clock } = setUp({ spacingMilliseconds: 1000 })

    outbox.push(info('a'))
    outbox.push(info('b'))

    await eventually(() => expect(told.delivered).toBe(2))
    expect(clock.slept).toEqual([1000])
    clock.pass(400)
    outbox.push(info('c'))
    await eventually(() => expect(told.delivered).toBe(3))
    expect(clock.slept).toEqual([1000, 600])
  })

  it('tries again after 1, 5 and 30 seconds, then gives up and goes on', async () => {
    const { outbox, urls, told, clock, world } = setUp()
    world.respond = async ({ url }) => (url === 'a' ? answers.down : answers.ok)

    outbox.push(info('a'))
    outbox.push(info('b'))

    await eventually(() => expect(told.delivered).toBe(1))
    expect(urls).toEqual(['a', 'a', 'a', 'a', 'b'])
    expect(clock.slept).toEqual([1000, 5000, 30_000])
    expect(told.failed).toEqual([['a', { lasting: false, status: 503, text: 'busy' }]])
  })

  it.each([
    [0, [800, 4000, 24_000]],
    [1, [1200, 6000, 36_000]],
  ])('spreads its tries by a fifth: chance %d', async (chance, expected) => {
    const { outbox, told, clock, world } = setUp()
    clock.chance = chance
    world.respond = async () => ({ noAnswer: 'no answer in time' })

    outbox.push(info('a'))

    await eventually(() => expect(told.failed).toEqual([['a', { lasting: false, text: 'no answer in time' }]]))
    expect(clock.slept).toEqual(expected)
  })

  it('waits exactly what a 429 asks', async () => {
    const { outbox, told, clock, world } = setUp()
    const script: PostAnswer[] = [{ status: 429, retryAfter: '7', text: '' }, answers.ok]
    world.respond = async () => script.shift() ?? answers.ok

    outbox.push(info('a'))

    await eventually(() => expect(told.delivered).toBe(1))
    expect(clock.slept).toEqual([7000])
  })

  it('tries three times more, 30 s apart, where the vendor advises it', async () => {
    const { outbox, told, clock, world } = setUp({ tooManySeconds: 30 })
    world.respond = async () => ({ status: 429, retryAfter: null, text: 'slow down' })

    outbox.push(info('a'))

    await eventually(() => expect(told.failed).toHaveLength(1))
    expect(clock.slept).toEqual([30_000, 30_000, 30_000])
  })

  it('does not repeat what was refused, and tells the first words of the answer without secrets', async () => {
    const { outbox, urls, told, clock, world } = setUp()
    world.respond = async () => ({ status: 404, retryAfter: null, text: `no_service s3cr3t ${'x'.repeat(400)}` })

    outbox.push(info('a'))

    await eventually(() => expect(told.failed).toHaveLength(1))
    expect(urls).toEqual(['a'])
    expect(clock.slept).toEqual([])
    expect(told.failed[0]?.[1]).toEqual({ lasting: true, status: 404, text: `no_service *** ${'x'.repeat(185)}` })
  })

  it('stops a notice of several requests at the first that fails', async () => {
    const { outbox, urls, told, world } = setUp()
    if (world.destination) world.destination = { ...world.destination, render: () => ['a', 'b', 'c'].map(url => ({ url, body: {} })) }
    world.respond = async ({ url }) => (url === 'b' ? { status: 400, retryAfter: null, text: '' } : answers.ok)

    outbox.push(info('x'))

    await eventually(() => expect(told.failed).toHaveLength(1))
    expect(urls).toEqual(['a', 'b'])
    expect(told.delivered).toBe(0)
  })

  it('sends the alternative after a 400, and for a day nothing else', async () => {
    const { outbox, urls, told, clock, world } = setUp()
    if (world.destination) world.destination = { ...world.destination, render: () => [{ url: 'change', body: {}, alternative: [{ url: 'alert', body: {} }] }] }
    world.respond = async ({ url }) => (url === 'change' ? { status: 400, retryAfter: null, text: '' } : answers.ok)

    outbox.push(info('1'))
    outbox.push(info('2'))
    await eventually(() => expect(told.delivered).toBe(2))
    clock.pass(86_400_000)
    outbox.push(info('3'))
    await eventually(() => expect(told.delivered).toBe(3))

    expect(urls).toEqual(['change', 'alert', 'alert', 'change', 'alert'])
    expect(told.failed).toEqual([])
  })

  it('has no alternative to other refusals', async () => {
    const { outbox, urls, told, world } = setUp()
    if (world.destination) world.destination = { ...world.destination, render: () => [{ url: 'change', body: {}, alternative: [{ url: 'alert', body: {} }] }] }
    world.respond = async () => ({ status: 403, retryAfter: null, text: '' })

    outbox.push(info('1'))

    await eventually(() => expect(told.failed).toHaveLength(1))
    expect(urls).toEqual(['change'])
  })

  it('keeps a hundred notices and drops the oldest light one first', async () => {
    const { outbox, urls, told, world } = setUp()
    const gate = Promise.withResolvers<void>()
    world.respond = async () => {
      await gate.promise
      return answers.ok
    }

    outbox.push(info('in hand'))
    outbox.push(grave('grave 0'))
    outbox.push(info('light'))
    for (let number = 1; number <= 98; number += 1) outbox.push(grave(`grave ${number}`))
    expect(told.dropped).toEqual([])
    expect(outbox.size).toBe(100)
    outbox.push(grave('one more'))
    outbox.push(grave('two more'))
    outbox.push(info('too light'))

    expect(told.dropped).toEqual(['light', 'grave 0', 'too light'])
    expect(outbox.size).toBe(100)
    gate.resolve()
    await eventually(() => expect(told.delivered).toBe(101))
    expect(urls.slice(-2)).toEqual(['one more', 'two more'])
  })

  it('forgets the notices of a destination that is gone, and hears of changed settings', async () => {
    const { outbox, urls, told, world } = setUp()
    const first = world.destination
    world.destination = undefined

    outbox.push(info('a'))
    await eventually(() => expect(outbox.size).toBe(0))
    world.destination = first
    outbox.push(info('b'))

    await eventually(() => expect(told.delivered).toBe(1))
    expect(urls).toEqual(['b'])
  })

  it('gives up a try that takes too long', async () => {
    const { outbox, told, world } = setUp()
    const script = [
      async (signal: AbortSignal): Promise<PostAnswer> => {
        await aborted(signal)
        return { noAnswer: 'no answer in time' }
      },
    ]
    world.respond = async (_request, signal) => script.shift()?.(signal) ?? answers.ok

    outbox.push(info('a'))

    await eventually(() => expect(told.delivered).toBe(1))
  })

  it('goes on after a bug', async () => {
    const { outbox, told, world } = setUp()
    const good = world.destination
    if (good)
      world.destination = {
        ...good,
        render: notice => {
          if (notice.message === 'a') throw new Error('bug')
          return good.render(notice)
        },
      }

    outbox.push(info('a'))
    outbox.push(info('b'))

    await eventually(() => expect(told.delivered).toBe(1))
    expect(told.bugs).toHaveLength(1)
  })
})

describe('an outbox that closes', () => {
  it('sends the last notice before those that wait, and these without pauses', async () => {
    const { outbox, urls, clock } = setUp({ spacingMilliseconds: 1000 })
    clock.onSleep = (_milliseconds, signal) => aborted(signal)
    for (const text of ['a', 'b', 'c']) outbox.push(info(text))
    await eventually(() => expect(clock.slept).toEqual([1000]))

    await outbox.close(info('stopping'), AbortSignal.timeout(1000))

    expect(urls).toEqual(['a', 'b', 'stopping', 'c'])
    expect(clock.slept).toEqual([1000])
  })

  it('tries the last notice twice, and ends a long wait of another', async () => {
    const { outbox, urls, told, clock, world } = setUp()
    clock.onSleep = (milliseconds, signal) => (milliseconds > 500 ? aborted(signal) : undefined)
    world.respond = async () => answers.down
    outbox.push(info('a'))
    await eventually(() => expect(clock.slept).toEqual([1000]))

    await outbox.close(info('stopping'), AbortSignal.timeout(1000))

    expect(urls).toEqual(['a', 'a', 'stopping', 'stopping'])
    expect(told.failed.map(([message]) => message)).toEqual(['a', 'stopping'])
    expect(clock.slept).toEqual([1000, 250])
  })

  it('ends at its deadline whatever a destination does, and counts what was left', async () => {
    const { outbox, told, world } = setUp()
    world.respond = async (_request, signal) => {
      await aborted(signal)
      return { noAnswer: 'no answer in time' }
    }
    for (const text of ['a', 'b', 'c']) outbox.push(info(text))

    const started = performance.now()
    await outbox.close(info('stopping'), AbortSignal.timeout(30))

    expect(performance.now() - started).toBeLessThan(500)
    expect(told.dropped).toEqual(['b', 'c'])
    expect(told.delivered).toBe(0)
  })

  it('cuts a request that was under way when it began', async () => {
    const { outbox, urls, told, world } = setUp({ tryMilliseconds: 60_000 })
    const hung = Promise.withResolvers<void>()
    world.respond = async ({ url }, signal) => {
      if (url !== 'a') return answers.ok
      hung.resolve()
      await aborted(signal)
      return { noAnswer: 'no answer in time' }
    }
    outbox.push(info('a'))
    await hung.promise

    await outbox.close(info('stopping'), AbortSignal.timeout(1000))

    expect(urls).toEqual(['a', 'stopping'])
    expect(told.delivered).toBe(1)
  })

  it('has nothing to do when nothing waits and nothing is to be said', async () => {
    const { outbox, urls } = setUp()

    await outbox.close(undefined, AbortSignal.timeout(1000))

    expect(urls).toEqual([])
  })
})
