import { expect, it } from '@jest/globals'
import { viber } from '../src/definition.ts'
import { token } from './samples.ts'

it.each([
  ['as the admin panel shows it', token, true],
  ['with the newline that was copied along', `${token}\n`, false],
  ['with a space in it', token.replace('-', ' '), false],
  ['with a letter that no header may hold', token.replace('a', 'а'), false],
])('a token %s', (_what, apiToken, isTaken) => {
  expect(viber.settings.safeParse({ apiToken }).success).toBe(isTaken)
})
