import { describe, expect, it } from '@jest/globals'
import { afterSave } from '../src/page/document/use-draft.ts'
import { differences } from '../src/page/forms/difference.ts'

const sent = { name: 'Sent', settings: { token: 'typed secret', poll: 10 } }
const answered = { name: 'Sent', settings: { token: '********', poll: 10, region: 'eu' } }

describe('what is edited after a save', () => {
  it('is what is stored when nothing was typed meanwhile', () => {
    expect(afterSave<object>(sent, sent, answered)).toEqual(answered)
  })

  it('keeps what was typed while the save ran, as a change', () => {
    const typed = { name: 'Sent and more', settings: { token: 'typed secret', poll: 10 } }

    const edited = afterSave<object>(sent, typed, answered)

    expect(edited).toEqual({ name: 'Sent and more', settings: { token: '********', poll: 10, region: 'eu' } })
    expect(differences(answered, edited)).toEqual(['/name'])
  })

  it('keeps what was taken out or put back while the save ran', () => {
    const typed = { name: 'Sent', settings: { token: 'another secret' } }

    expect(afterSave<object>(sent, typed, answered)).toEqual({ name: 'Sent', settings: { token: 'another secret', region: 'eu' } })
  })
})
