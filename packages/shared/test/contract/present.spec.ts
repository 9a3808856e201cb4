import { expect, it } from '@jest/globals'
import { present } from '../../src/contract/index.ts'

it('leaves out what is undefined, and nothing else that is empty', () => {
  const members: { a?: number; b: string | undefined; c: null; d: boolean; e: string } = { b: undefined, c: null, d: false, e: '' }

  expect(Object.entries(present(members))).toEqual([
    ['c', null],
    ['d', false],
    ['e', ''],
  ])
})
