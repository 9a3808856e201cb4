import { describe, expect, it } from '@jest/globals'
import { eventually, eventualValue } from '../src/eventually.ts'

describe('eventually', () => {
  it('waits until the assertion no longer throws', async () => {
    let calls = 0

    await eventually(() => expect(++calls).toBe(3), { everyMs: 1 })

    expect(calls).toBe(3)
  })

  it('waits until the condition is no longer false', async () => {
    let calls = 0

    await eventually(async () => ++calls === 3, { everyMs: 1 })

    expect(calls).toBe(3)
  })

  it('fails with the last reason when the time is over', async () => {
    const waiting = eventually(
      () => {
        throw new Error('two of three')
      },
      { withinMs: 20, everyMs: 5, what: 'the third message' },
    )

    await expect(waiting).rejects.toThrow('the third message did not come true within 20 ms: two of three')
  })

  it('checks at least once, however short the time', async () => {
    await expect(eventually(() => true, { withinMs: 0 })).resolves.toBeUndefined()
  })
})

describe('eventualValue', () => {
  it('waits for something else than undefined, and gives it', async () => {
    const values = [undefined, undefined, 0, 7]

    const value = await eventualValue(() => values.shift(), { everyMs: 1 })

    expect(value).toBe(0)
  })
})
