import { describe, expect, it } from '@jest/globals'
import { ApiError, problemHandler } from '@um/shared/errors'
import express from 'express'
import request from 'supertest'
import { z } from 'zod'
import { isDeeperThan } from '../src/http/body.ts'
import { assertUnchanged } from '../src/http/etag.ts'
import { securityHeaders } from '../src/http/headers.ts'
import { type Operation, operation } from '../src/http/operation.ts'
import { pageHeaders, pageOf } from '../src/http/paging.ts'
import { operationsRouter, unknownPath } from '../src/http/router.ts'

const administrator = { user: 'ada', tokenId: 't', tokenExpiresAt: new Date(0) }
const echo = operation({
  id: 'echo',
  method: 'POST',
  path: '/things/{id}',
  tag: 'T',
  summary: 'S',
  access: 'administrator',
  body: z.strictObject({ name: z.string() }),
  answers: { 200: { description: 'D' } },
  problems: [],
  handle: ({ params, body, administrator: who }) => ({ status: 200, headers: { ETag: '"1"' }, body: { id: params.id, name: body.name, who: who.user } }),
})
const list = operation({
  id: 'list',
  method: 'GET',
  path: '/things/all',
  tag: 'T',
  summary: 'S',
  access: 'public',
  query: z.object({ page: z.coerce.number().int().min(1).default(1) }),
  answers: { 200: { description: 'D' } },
  problems: [],
  handle: ({ query }) => ({ status: 200, headers: { ETag: '"1"' }, body: [query.page] }),
})

function appOf(operations: Operation[], reported: unknown[] = []) {
  const app = express()
  app.use(securityHeaders({ https: true }))
  app.use(
    operationsRouter(operations, async authorization => {
      if (authorization !== 'bearer good') throw new ApiError('unauthenticated', 'no')
      return administrator
    }),
  )
  app.use(unknownPath)
  app.use(problemHandler(error => reported.push(error)))
  return app
}
const app = appOf([echo, list])
const post = (path: string) => request(app).post(path).set('Authorization', 'bearer good')

describe('router', () => {
  it('gives an operation its parameters, body and caller', async () => {
    const answer = await post('/things/7').send({ name: 'n' })

    expect(answer.status).toBe(200)
    expect(answer.body).toEqual({ id: '7', name: 'n', who: 'ada' })
  })

  it('refuses a stranger before it reads the body', async () => {
    const answer = await request(app).post('/things/7').set('Content-Type', 'application/json').send('{ not json')

    expect(answer.status).toBe(401)
    expect(answer.type).toBe('application/problem+json')
  })

  it('answers 415 to another media type and says which it takes', async () => {
    const answer = await post('/things/7').set('Content-Type', 'text/plain').send('{"name":"n"}')

    expect(answer.status).toBe(415)
    expect(answer.headers.accept).toBe('application/json')
  })

  it('takes the media type with parameters and in any letters', async () => {
    const answer = await post('/things/7').set('Content-Type', 'Application/JSON; charset=utf-8').send('{"name":"n"}')

    expect(answer.status).toBe(200)
  })

  it('answers 400 to broken JSON, without a stack trace', async () => {
    const answer = await post('/things/7').set('Content-Type', 'application/json').send('{"name": "n}"')

    expect(answer.status).toBe(400)
    expect(JSON.stringify(answer.body)).not.toMatch(/ {4}at |node_modules|SyntaxError/)
  })

  it('answers 400 without a body', async () => {
    const answer = await post('/things/7')

    expect(answer.status).toBe(400)
  })

  it('answers 413 to more than 1 MiB', async () => {
    const answer = await post('/things/7').send({ name: 'n'.repeat(1024 * 1024) })

    expect(answer.status).toBe(413)
  })

  it('answers 400 to a body that is nested too deeply', async () => {
    const answer = await post('/things/7')
      .set('Content-Type', 'application/json')
      .send(`${'['.repeat(200_000)}${']'.repeat(200_000)}`)

    expect(answer.status).toBe(400)
  })

  it('answers 422 with one entry per field', async () => {
    const answer = await post('/things/7').send({ name: 3, more: true, '~/': 1 })

    expect(answer.status).toBe(422)
    expect(answer.body).toMatchObject({ type: 'urn:universal-messaging:error:invalid', code: 'invalid' })
    expect(answer.body.errors).toEqual([
      { pointer: '/name', detail: 'must be of type string, not number' },
      { pointer: '/more', detail: 'is not known here' },
      { pointer: '/~0~1', detail: 'is not known here' },
    ])
  })

  it('says "is required" of what was left out', async () => {
    const answer = await post('/things/7').send({})

    expect(answer.body.errors).toEqual([{ pointer: '/name', detail: 'is required' }])
  })

  it('points into the query for its errors', async () => {
    const answer = await request(app).get('/things/all?page=x')

    expect(answer.status).toBe(422)
    expect(answer.body.errors[0].pointer).toBe('/query/page')
  })

  it('takes a fixed path before a parameter, whatever their order', async () => {
    const answer = await request(app).get('/things/all?page=2')

    expect(answer.body).toEqual([2])
  })

  it('answers 405 with the methods of the path', async () => {
    const answer = await request(app).delete('/things/all')

    expect(answer.status).toBe(405)
    expect(answer.headers.allow).toBe('GET, HEAD')
  })

  it('answers OPTIONS with the methods of the path', async () => {
    const answer = await request(app).options('/things/7')

    expect(answer.status).toBe(204)
    expect(answer.headers.allow).toBe('POST')
  })

  it('answers 404 with a problem to an unknown path', async () => {
    const answer = await request(app).get('/nothing')

    expect(answer.status).toBe(404)
    expect(answer.body.code).toBe('notFound')
  })

  it('answers 400 to a path that is not well formed', async () => {
    const answer = await post('/things/%E0%A4%A')

    expect(answer.status).toBe(400)
  })

  it('never answers 304: the body holds more than the revision tells', async () => {
    const answer = await request(app).get('/things/all').set('If-None-Match', '"1"')

    expect(answer.status).toBe(200)
  })

  it('sends no body to HEAD', async () => {
    const answer = await request(app).head('/things/all')

    expect(answer.status).toBe(200)
    expect(answer.text).toBeUndefined()
  })

  it('sets strict security headers on errors too', async () => {
    const answer = await request(app).get('/nothing')

    expect(answer.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'strict-transport-security': 'max-age=31536000',
    })
  })

  it.each([
    ["Stream isn't writeable and enableOfflineQueue options is false", 'Error'],
    ['Command timed out', 'Error'],
    ['Connection is closed.', 'Error'],
    ['LOADING Redis is loading the dataset in memory', 'ReplyError'],
    ['RabbitMQ is away', 'BrokerAway'],
  ])('answers 503 while a server is away: %s', async (message, name) => {
    const failing: Operation = {
      ...list,
      run: async () =>
        Promise.reject(name === 'BrokerAway' ? new (await import('@um/shared/amqp')).BrokerAway(message) : Object.assign(new Error(message), { name })),
    }
    const reported: unknown[] = []

    const answer = await request(appOf([failing], reported)).get('/things/all')

    expect(answer.status).toBe(503)
    expect(answer.headers['retry-after']).toBe('2')
    expect(reported).toEqual([])
  })

  it('answers 500 to our own mistakes, reports them, and tells nothing of them', async () => {
    const failing: Operation = { ...list, run: async () => Promise.reject(new Error('a secret detail')) }
    const reported: unknown[] = []

    const answer = await request(appOf([failing], reported)).get('/things/all')

    expect(answer.status).toBe(500)
    expect(answer.text).not.toContain('secret')
    expect(reported).toHaveLength(1)
  })
})

describe('isDeeperThan', () => {
  it('counts levels of objects and arrays', () => {
    expect(isDeeperThan({ a: [{ b: 1 }] }, 3)).toBe(false)
    expect(isDeeperThan({ a: [{ b: 1 }] }, 2)).toBe(true)
  })
})

describe('assertUnchanged', () => {
  it.each([undefined, '*', '"5"', 'W/"5"', '"4", "5"'])('lets %s through for revision 5', header => {
    expect(() => assertUnchanged(header, 5)).not.toThrow()
  })

  it.each(['"4"', '5', '', '"55"'])('refuses %s for revision 5', header => {
    expect(() => assertUnchanged(header, 5)).toThrow(expect.objectContaining({ code: 'changed', headers: { ETag: '"5"' } }))
  })
})

describe('paging', () => {
  it('cuts the page out and links the neighbours', () => {
    const page = pageOf([1, 2, 3, 4, 5], { page: 2, pageSize: 2 }, '/api/v1/things?name=a')

    expect(page.items).toEqual([3, 4])
    expect(page.headers['X-Total-Count']).toBe('5')
    expect(page.headers.Link).toBe(
      [
        '</api/v1/things?name=a&page=1&pageSize=2>; rel="first"',
        '</api/v1/things?name=a&page=1&pageSize=2>; rel="prev"',
        '</api/v1/things?name=a&page=3&pageSize=2>; rel="next"',
        '</api/v1/things?name=a&page=3&pageSize=2>; rel="last"',
      ].join(', '),
    )
  })

  it('links nothing when all is on one page', () => {
    expect(pageHeaders(3, { page: 1, pageSize: 3 }, '/x')).toEqual({ 'X-Total-Count': '3' })
  })
})
