import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { field } from '../../src/contract/index.ts'
import { mask, secretFields, secretValues, unmask } from '../../src/settings/index.ts'

const schema = z.strictObject({
  token: field.secret('Token'),
  proxy: field.optionalSecret('Proxy'),
  headers: field.map('Headers', { secret: true }),
  labels: field.map('Labels'),
  name: field.text('Name'),
})
const stored = { token: 'tok-12345', headers: { 'x-key': 'key-12345', 'x-other': 'oth-12345' }, labels: { a: 'visible' }, name: 'ACME' }

describe('secrets in settings', () => {
  it('are found by their field', () => {
    expect(secretFields(schema)).toEqual(['token', 'proxy', 'headers'])
  })

  it('read *** where they are set; maps keep their keys', () => {
    expect(mask(schema, stored)).toEqual({ token: '***', headers: { 'x-key': '***', 'x-other': '***' }, labels: { a: 'visible' }, name: 'ACME' })
  })

  it('read as unset where they are', () => {
    expect(mask(schema, { token: '', proxy: undefined, headers: {} })).toEqual({ token: '', proxy: undefined, headers: {} })
    expect(mask(schema, { token: null })).toEqual({ token: null })
  })

  it('survive being read and sent back', () => {
    expect(unmask(schema, mask(schema, stored), stored)).toEqual(stored)
  })

  it('are replaced one by one', () => {
    const incoming = { token: 'tok-new', headers: { 'x-key': '***', 'x-other': 'new', 'x-more': 'more' }, name: '***' }

    expect(unmask(schema, incoming, stored)).toEqual({ token: 'tok-new', headers: { 'x-key': 'key-12345', 'x-other': 'new', 'x-more': 'more' }, name: '***' })
  })

  it('are nothing where a mask stands for nothing', () => {
    expect(unmask(schema, { token: '***', headers: { 'x-key': '***' } }, undefined)).toEqual({ token: undefined, headers: { 'x-key': undefined } })
    expect(unmask(schema, { headers: { gone: '***' } }, stored)).toEqual({ headers: { gone: undefined } })
  })

  it('can be taken away', () => {
    expect(unmask(schema, { token: '', headers: {} }, stored)).toEqual({ token: '', headers: {} })
    expect(unmask(schema, { token: null }, stored)).toEqual({ token: null })
  })

  it('are what logs must not show, but for those too short to be one', () => {
    expect(secretValues(schema, stored)).toEqual(['tok-12345', 'key-12345', 'oth-12345'])
    expect(secretValues(schema, { token: '12345', headers: { a: '123456' } })).toEqual(['123456'])
  })
})
