import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import express from 'express'
import { z } from 'zod'
import { ApiError, errorTable, fieldErrors, problemHandler, problemOf } from '../../src/errors/index.ts'

describe('problemOf', () => {
  it('is a problem document of RFC 9457', () => {
    const fields = [{ pointer: '/name', detail: 'is empty' }]

    expect(problemOf(new ApiError('invalid', 'The tenant cannot be saved.', { fields, members: { retryable: false } }))).toEqual({
      type: 'urn:universal-messaging:error:invalid',
      title: 'Some fields are not valid',
      status: 422,
      code: 'invalid',
      detail: 'The tenant cannot be saved.',
      errors: fields,
      retryable: false,
    })
  })

  it('names no fields where none is at fault', () => {
    expect(problemOf(new ApiError('notFound', 'There is no such tenant.'))).not.toHaveProperty('errors')
  })

  it('has a status of its kind for every code', () => {
    for (const { status, title } of Object.values(errorTable)) {
      expect(status).toBeGreaterThanOrEqual(400)
      expect(status).toBeLessThan(600)
      expect(title).toMatch(/^[A-Z]/)
    }
    expect(errorTable.unauthenticated.status).toBe(401)
    expect(errorTable.changed.status).toBe(412)
    expect(errorTable.unavailable.status).toBe(503)
  })
})

describe('fieldErrors', () => {
  const schema = z.strictObject({ list: z.array(z.strictObject({ 'a/b~c': z.string() })) })
  const errorsOf = (value: unknown, root?: string) => {
    const read = schema.safeParse(value)
    return read.success ? [] : fieldErrors(read.error, root)
  }

  it('point to each fault', () => {
    expect(errorsOf({ list: [{ 'a/b~c': 'x' }, { 'a/b~c': 5 }, {}] }).map(({ pointer }) => pointer)).toEqual(['/list/1/a~1b~0c', '/list/2/a~1b~0c'])
  })

  it('point to each key that is not known', () => {
    expect(errorsOf({ list: [], 'x/y': 1, z: 2 })).toEqual([
      { pointer: '/x~1y', detail: 'is not known here' },
      { pointer: '/z', detail: 'is not known here' },
    ])
  })

  it('begin where the document is in the request', () => {
    expect(errorsOf({ list: [5] }, '/messaging/settings').map(({ pointer }) => pointer)).toEqual(['/messaging/settings/list/0'])
    expect(errorsOf(5).map(({ pointer }) => pointer)).toEqual([''])
  })
})

describe('problemHandler', () => {
  let server: Server
  let reported: unknown[]
  beforeEach(async () => {
    reported = []
    const app = express()
    app.use(express.json({ limit: 100 }))
    app.post('/refused', () => {
      throw new ApiError('tooMany', 'Too many tries.', { headers: { 'retry-after': '7' } })
    })
    app.post('/bug', () => {
      throw new Error('SELECT secret FROM vault')
    })
    app.post('/late', (_req, res) => {
      res.write('begun')
      throw new Error('too late')
    })
    app.post('/echo', (req, res) => void res.json(req.body))
    app.use(problemHandler(error => reported.push(error)))
    server = createServer(app)
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  })
  afterEach(async () => {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  })
  const post = async (path: string, body = '{}', headers: Record<string, string> = {}) => {
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    })
    return { status: answer.status, headers: answer.headers, text: await answer.text() }
  }

  it('answers an expected failure with its headers and reports nothing', async () => {
    const { status, headers, text } = await post('/refused')

    expect([status, headers.get('retry-after'), headers.get('content-type')]).toEqual([429, '7', 'application/problem+json; charset=utf-8'])
    expect(JSON.parse(text)).toMatchObject({ code: 'tooMany', status: 429, detail: 'Too many tries.' })
    expect(reported).toEqual([])
  })

  it('shows nothing of a bug but that there was one', async () => {
    const { status, text } = await post('/bug')

    expect(status).toBe(500)
    expect(JSON.parse(text)).toEqual({
      type: 'urn:universal-messaging:error:bug',
      title: 'Something we did not foresee happened',
      status: 500,
      code: 'bug',
      detail: 'The error has been logged.',
    })
    expect(reported).toMatchObject([{ message: 'SELECT secret FROM vault' }])
  })

  it.each([
    ['no JSON', '/echo', '{', {}, 400, 'malformed'],
    ['too much', '/echo', JSON.stringify('x'.repeat(200)), {}, 413, 'tooLarge'],
    ['an unknown charset', '/echo', '{}', { 'content-type': 'application/json; charset=klingon' }, 415, 'mediaType'],
    ['an unknown encoding', '/echo', '{}', { 'content-encoding': 'klingon' }, 415, 'mediaType'],
  ])('blames the request for %s', async (_name, path, body, headers, status, code) => {
    const answer = await post(path, body, headers)

    expect(answer.status).toBe(status)
    expect(JSON.parse(answer.text)).toMatchObject({ code, status })
    expect(reported).toEqual([])
  })

  it.each([
    ['{"password": "s3cr3t}', 'a text has no closing quotation mark at line 1, column 22'],
    ['{"password": "s3cr3t"', 'a comma or a closing brace is missing at line 1, column 22'],
    ['["s3cr3t"', 'a comma or a closing bracket is missing at line 1, column 10'],
    ['{"password":\n s3cr3t}', 'it cannot be read'],
    ['{"password":', 'it ends too early'],
  ])('says where %j is no JSON, and repeats nothing of it', async (body, why) => {
    const { detail } = JSON.parse((await post('/echo', body)).text) as { detail: string }

    expect(detail).toBe(`The body is not JSON: ${why}.`)
    expect(detail).not.toContain('s3cr3t')
  })

  it('breaks off an answer that was begun', async () => {
    await expect(post('/late')).rejects.toThrow()
    expect(reported).toHaveLength(1)
  })
})
