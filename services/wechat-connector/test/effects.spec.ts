import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { beforeEach, describe, expect, it } from '@jest/globals'
import { CallFailed, type InboundEvent, type OpenMedia, type PlatformCall } from '@um/shared/contract'
import { type SampleAnswer, type ScriptedContext, scriptedContext } from '@um/testing/conformance'
import { profile } from '../src/api.ts'
import { classify } from '../src/classify.ts'
import type { Settings } from '../src/definition.ts'
import { download, prepare } from '../src/media.ts'
import { render } from '../src/render.ts'
import { authorize } from '../src/tokens.ts'
import { enrich, jobs, sentEffect } from '../src/window.ts'
import { lena, outgoing, tenant } from './samples.ts'

const start = new Date('2025-11-22T09:00:00Z')
let now = start
beforeEach(() => {
  now = start
})
type Answer = (call: PlatformCall) => unknown
function context(answer: Answer, more: Partial<Settings> = {}, media?: OpenMedia): ScriptedContext<Settings> {
  return scriptedContext({
    tenant: tenant(more),
    classify,
    platform: (call): SampleAnswer => ({ name: call.path, body: answer(call) }),
    now: () => now,
    ...(media === undefined ? {} : { media }),
  })
}
const later = (seconds: number): void => {
  now = new Date(now.getTime() + seconds * 1000)
}

describe('an access token', () => {
  const tokens = (...names: string[]): Answer => {
    return () => ({ access_token: names.length > 1 ? names.shift() : names[0], expires_in: 7200 })
  }
  const forced = (ctx: ScriptedContext<Settings>): unknown[] =>
    ctx.seen.calls.map(({ json }) => (json as { force_refresh?: boolean } | undefined)?.force_refresh)

  it('is fetched by the secret, and used until five minutes before its end', async () => {
    const ctx = context(tokens('T1'))

    expect(await authorize(ctx)).toEqual({ query: { access_token: 'T1' }, expiresAt: new Date('2025-11-22T10:55:00Z') })
    expect(ctx.seen.calls).toMatchObject([{ method: 'POST', path: '/cgi-bin/stable_token', anonymous: true, json: { appid: ctx.tenant.settings.appId } }])
  })
  it('that comes again although it was refused is ended, but not twice in half a minute', async () => {
    const ctx = context(tokens('T1', 'T1', 'T2', 'T2', 'T2', 'T3'))
    await authorize(ctx)
    later(60)

    expect(await authorize(ctx)).toMatchObject({ query: { access_token: 'T2' } })
    later(29)
    expect(await authorize(ctx)).toMatchObject({ query: { access_token: 'T2' } })
    later(1)
    expect(await authorize(ctx)).toMatchObject({ query: { access_token: 'T3' } })
    expect(forced(ctx)).toEqual([false, false, true, false, false, true])
  })
  it('that several ask for at once is not ended, but half a minute later', async () => {
    const ctx = context(tokens('T1', 'T1', 'T1', 'T2'))
    await authorize(ctx)
    later(29)
    await authorize(ctx)

    expect(forced(ctx)).toEqual([false, false])
    later(2)
    expect(await authorize(ctx)).toMatchObject({ query: { access_token: 'T2' } })
    expect(forced(ctx)).toEqual([false, false, false, true])
  })
  it('that was kept by an older release is ended when it comes again', async () => {
    const ctx = context(tokens('T1', 'T1', 'T2'))
    await authorize(ctx)
    const { at: _at, ...older } = JSON.parse((await ctx.vault.get('token')) ?? '{}') as Record<string, unknown>
    await ctx.vault.set('token', JSON.stringify(older))

    expect(await authorize(ctx)).toMatchObject({ query: { access_token: 'T2' } })
  })
  it.each([
    ['no more are ended today', 45009],
    ['one was ended just now', 45011],
  ])('is given as it is when %s, and not asked to be ended again at once', async (_why, errcode) => {
    const ctx = context(({ json }) =>
      (json as { force_refresh: boolean }).force_refresh ? { errcode, errmsg: 'no' } : { access_token: 'T1', expires_in: 7200 },
    )
    await authorize(ctx)
    later(31)

    expect(await authorize(ctx)).toMatchObject({ query: { access_token: 'T1' } })
    later(29)
    await authorize(ctx)
    expect(forced(ctx)).toEqual([false, false, true, false])
  })
  it('is not given when the secret is wrong meanwhile', async () => {
    const ctx = context(({ json }) => ((json as { force_refresh: boolean }).force_refresh ? { errcode: 40125 } : { access_token: 'T1', expires_in: 7200 }))
    await authorize(ctx)
    later(31)

    await expect(authorize(ctx)).rejects.toMatchObject({ failure: { kind: 'subscription' } })
  })
  it('is not ended when it comes again for another reason', async () => {
    const ctx = context(tokens('T1'))
    await authorize(ctx)
    later(7200 - 300)
    await authorize(ctx)
    const changed = { ...ctx, tenant: tenant({ profileLanguage: 'zh_TW' }) }
    await authorize(changed)

    expect(forced(ctx)).toEqual([false, false, false])
  })
  it('of the classic kind is fetched once, since each ends the one before', async () => {
    const ctx = context(tokens('T1'), { tokenMode: 'classic' })
    await authorize(ctx)
    later(60)
    await authorize(ctx)

    expect(ctx.seen.calls.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /cgi-bin/token', 'GET /cgi-bin/token'])
  })
})

describe('media for the guest', () => {
  const [image] = render.attachment({ kind: 'attachment', media: 'image', source: { url: 'https://files.example.com/a', mime: 'image/png' } }, outgoing())
  const [film] = render.attachment({ kind: 'attachment', media: 'video', source: { url: 'https://files.example.com/f', name: 'Tour.mp4' } }, outgoing())
  const numbered = (): Answer => {
    let count = 0
    return ({ query }) => {
      count += 1
      return query?.type === 'thumb' ? { thumb_media_id: `m-${count}` } : { media_id: `m-${count}` }
    }
  }
  const bring = (call: PlatformCall | undefined, ctx: ScriptedContext<Settings>) => prepare(call as PlatformCall, { guest: lena, address: {} }, ctx)

  it('are brought once, by a name that WeChat understands', async () => {
    const ctx = context(numbered())

    expect(await bring(image, ctx)).toMatchObject({ json: { touser: lena, msgtype: 'image', image: { media_id: 'm-1' } } })
    expect(await bring(image, ctx)).toMatchObject({ json: { image: { media_id: 'm-1' } } })
    expect(ctx.seen.calls).toMatchObject([
      { query: { type: 'image' }, multipart: { file: { field: 'media', media: { url: 'https://files.example.com/a', name: 'image.png' } } } },
    ])
  })
  it('are brought again when WeChat has lost them', async () => {
    const ctx = context(numbered())
    await bring(image, ctx)

    expect(await bring(image?.alternatives?.again?.[0], ctx)).toMatchObject({ json: { image: { media_id: 'm-2' } } })
    expect(await bring(image, ctx)).toMatchObject({ json: { image: { media_id: 'm-2' } } })
  })
  it('that are films have a picture to stand for them', async () => {
    const ctx = context(numbered())

    expect(await bring(film, ctx)).toMatchObject({ json: { video: { media_id: 'm-1', thumb_media_id: 'm-2', title: 'Tour.mp4', description: '' } } })
    const picture = ctx.seen.calls[1]?.multipart?.file.media ?? { url: '' }
    const { body, mime } = await download(picture, ctx)
    const chunks: Buffer[] = []
    for await (const chunk of body) chunks.push(chunk as Buffer)
    expect([mime, Buffer.concat(chunks).subarray(0, 3).toString('hex')]).toEqual(['image/jpeg', 'ffd8ff'])
  })
  it('that WeChat refuses become a link', async () => {
    await expect(
      bring(
        image,
        context(() => ({ errcode: 45001, errmsg: 'too big' })),
      ),
    ).rejects.toMatchObject({ failure: { kind: 'alternative', name: 'link' } })
    await expect(
      bring(
        image,
        context(() => ({ errcode: -1, errmsg: 'busy' })),
      ),
    ).rejects.toMatchObject({ failure: { kind: 'retryable' } })
  })
  it('are nothing that other calls need', async () => {
    const [call] = render.text({ kind: 'text', text: 'hi' }, outgoing())

    expect(await bring(call, context(numbered()))).toBe(call)
  })
})

describe('media of the guest', () => {
  const given = (mime: string, words: string): OpenMedia => ({ body: Readable.from([words]), mime })
  const get = (media: OpenMedia, platformId = 'm1') => {
    const ctx = context(() => undefined, { apiUrl: 'https://wechat.lab.example' }, media)
    return { ctx, opened: download({ platformId }, ctx) }
  }
  it('are opened at WeChat by their id', async () => {
    const { ctx, opened } = get(given('image/jpeg', 'bytes'), 'm/1 http://mmbiz.example/p')

    expect(await text((await opened).body)).toBe('bytes')
    expect(ctx.seen.opened).toEqual([{ url: 'https://wechat.lab.example/cgi-bin/media/get?media_id=m%2F1' }])
  })
  it('that are films lie where WeChat says', async () => {
    const { ctx, opened } = get(given('text/plain', '{"video_url":"http://vweixin.example/f.mp4"}'))
    await opened

    expect(ctx.seen.opened[1]).toEqual({ url: 'http://vweixin.example/f.mp4' })
  })
  it.each([
    ['of a film that its server refuses', '{"video_url":"http://vweixin.example/f.mp4"}', 'm1', 'http://vweixin.example/f.mp4'],
    ['at a public address that refuses', '{"errcode":40007}', 'm1 http://mmbiz.example/p', 'http://mmbiz.example/p'],
  ])('%s are not to be had, which says nothing about our token', async (_what, words, platformId, foreign) => {
    const ctx = context(() => undefined, { apiUrl: 'https://wechat.lab.example' }, given('text/plain', words))
    const { open } = ctx.media
    ctx.media.open = async (media, how) => {
      const opened = await open(media, how)
      if ('url' in media && media.url === foreign) throw new CallFailed({ kind: 'unauthorized', why: '403' })
      return opened
    }

    await expect(download({ platformId }, ctx)).rejects.toMatchObject({ failure: { kind: 'content' } })
    expect(ctx.seen.opened).toEqual([{ url: 'https://wechat.lab.example/cgi-bin/media/get?media_id=m1' }, { url: foreign }])
  })
  it('of a picture that WeChat no longer gives out lie at its public address', async () => {
    const { ctx, opened } = get(given('application/json', '{"errcode":40007,"errmsg":"invalid media_id"}'), 'm1 http://mmbiz.example/p')
    await opened

    expect(ctx.seen.opened[1]).toEqual({ url: 'http://mmbiz.example/p' })
  })
  it.each([
    ['{"errcode":40007,"errmsg":"invalid media_id"}', 'content'],
    ['{"errcode":40001,"errmsg":"invalid credential"}', 'unauthorized'],
    ['{"errcode":-1,"errmsg":"busy"}', 'retryable'],
    ['{"hello":1}', 'content'],
    ['<html>', 'retryable'],
  ])('cannot be had when WeChat says %s', async (words, kind) => {
    await expect(get(given('text/plain', words)).opened).rejects.toMatchObject({ failure: { kind } })
  })
})

describe('a guest', () => {
  const user = { subscribe: 1, openid: lena, nickname: '', sex: 0, language: 'zh_CN', city: '', province: '', country: '', headimgurl: '' }
  it('is called as the account remarks, or else by the end of the id', async () => {
    const known = { ...user, remark: 'VIP', unionid: 'oUn10n', subscribe_scene: 'ADD_SCENE_QR_CODE', qr_scene_str: 'store-7' }

    expect(
      await profile(
        lena,
        context(() => known),
      ),
    ).toEqual({
      displayName: 'VIP',
      participantData: { locale: 'zh-CN', subscribeScene: 'ADD_SCENE_QR_CODE', unionId: 'oUn10n', qrScene: 'store-7' },
    })
    expect(
      await profile(
        lena,
        context(() => user),
      ),
    ).toEqual({ displayName: 'WeChat user dE3fG'.replace('dE3fG', lena.slice(-6)), participantData: { locale: 'zh-CN' } })
  })
  it('of an account that is told more brings that along', async () => {
    const told = { ...user, nickname: 'Lena', headimgurl: 'http://wx.example/l', country: 'Austria', city: 'Wien' }

    expect(
      await profile(
        lena,
        context(() => told),
      ),
    ).toMatchObject({
      displayName: 'Lena',
      avatar: { url: 'http://wx.example/l' },
      participantData: { country: 'Austria', city: 'Wien' },
    })
  })
})

describe('the last answer', () => {
  const wrote = (id = '1', content: object = { kind: 'text', text: 'hi' }): InboundEvent =>
    ({ id, guest: lena, at: now, type: 'message', content }) as InboundEvent
  const answer = (ctx: ScriptedContext<Settings>) => sentEffect({ id: `${lena}:1` }, outgoing(), ctx)
  const warned = async (ctx: ScriptedContext<Settings>): Promise<InboundEvent[]> => {
    const events: InboundEvent[] = []
    for (const job of jobs) await job.run(ctx, async told => void events.push(...told))
    return events
  }
  const answers = async (ctx: ScriptedContext<Settings>, count: number): Promise<void> => {
    for (let index = 0; index < count; index += 1) await answer(ctx)
  }

  it('is announced once, when four of five are used', async () => {
    const ctx = context(() => undefined)
    await enrich(wrote(), ctx)
    await answers(ctx, 3)

    expect(await warned(ctx)).toEqual([])
    await answer(ctx)
    expect(await warned(ctx)).toMatchObject([{ guest: lena, author: 'system', content: { kind: 'system' } }])
    expect(await warned(ctx)).toEqual([])
    await answer(ctx)
    expect(await warned(ctx)).toEqual([])
  })
  it('is not announced when the guest has written meanwhile', async () => {
    const ctx = context(() => undefined)
    await enrich(wrote(), ctx)
    await answers(ctx, 4)
    await enrich(wrote('2'), ctx)

    expect(await warned(ctx)).toEqual([])
  })
  it('comes sooner after a click, unless more is left of before', async () => {
    const [clicked, both] = [context(() => undefined), context(() => undefined)]
    await enrich(wrote(`${lena}:1:click:HELP`, { kind: 'choice', payload: 'HELP' }), clicked)
    await enrich(wrote(), both)
    await enrich(wrote('2', { kind: 'choice', payload: 'a' }), both)
    await answers(clicked, 2)
    await answers(both, 2)

    expect(await warned(clicked)).toHaveLength(1)
    expect(await warned(both)).toEqual([])
  })
  it('is not counted by what is no answer, after the time is over, or where nobody wants to know', async () => {
    const ctx = context(() => undefined)
    await enrich(wrote(), ctx)
    await answers(ctx, 3)
    await sentEffect({}, outgoing(), ctx)
    expect(await warned(ctx)).toEqual([])
    later(48 * 3600)
    await answer(ctx)
    expect(await warned(ctx)).toEqual([])
    expect(jobs[0]?.everySeconds(tenant({ warnLastAnswer: false }).settings)).toBe(0)
  })
})
