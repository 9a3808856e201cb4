import { expect, it } from '@jest/globals'
import { zalo } from '../src/definition.ts'
import { settings } from './samples.ts'

it.each([
  ['as Zalo shows it', settings.appSecret, true],
  ['with the newline that was copied along', `${settings.appSecret}\n`, false],
  ['with a space in it', `app ${settings.appSecret}`, false],
  ['with a letter that no header may hold', settings.appSecret.replace('a', 'а'), false],
  ['that is too long', 'x'.repeat(201), false],
])('a secret %s', (_what, appSecret, isTaken) => {
  expect(zalo.settings.safeParse({ ...settings, appSecret }).success).toBe(isTaken)
})
