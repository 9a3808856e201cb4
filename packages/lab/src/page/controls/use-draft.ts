import { useCallback, useEffect, useRef, useState } from 'react'

const prefix = 'lab.draft.'

export interface Draft {
  text: string
  setText: (text: string) => void
  /** puts words that could not be sent back before what has been typed since */
  giveBack: (words: string) => void
}

/** Text that is being written; it survives a reload under its `key`, and moves along when the key changes (a blank phone becomes a guest's). */
export function useDraft(key: string): Draft {
  const [text, setState] = useState(() => sessionStorage.getItem(prefix + key) ?? '')
  const keptUnder = useRef(key)
  useEffect(() => {
    if (keptUnder.current === key) return
    keep(keptUnder.current, '')
    keep(key, text)
    keptUnder.current = key
  }, [key, text])
  const latest = useRef(text)
  const setText = useCallback((next: string) => {
    latest.current = next
    setState(next)
    keep(keptUnder.current, next)
  }, [])
  const giveBack = useCallback((words: string) => setText([words, latest.current].filter(part => part !== '').join('\n')), [setText])
  return { text, setText, giveBack }
}

function keep(key: string, text: string): void {
  if (text === '') sessionStorage.removeItem(prefix + key)
  else sessionStorage.setItem(prefix + key, text)
}
