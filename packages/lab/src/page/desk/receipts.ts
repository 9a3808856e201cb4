import type { DeskEntry, DeskReceipt } from '../../protocol.ts'
import type { IconName } from '../controls/icon.tsx'
import type { Tone } from '../controls/state-badge.tsx'

export interface Fate {
  tone: Tone
  icon: IconName
  word: string
  why?: string
}

const receiptFates: Record<string, Pick<Fate, 'tone' | 'icon'>> = {
  delivered: { tone: 'good', icon: 'check' },
  read: { tone: 'good', icon: 'checks' },
  failed: { tone: 'bad', icon: 'failed' },
}

/** What became of a message of the agent: the last receipt tells; without one, whether the fleet has taken it at all. */
export function fateOf(entry: DeskEntry): Fate {
  const receipt = entry.receipts?.at(-1)
  if (receipt !== undefined) {
    const known = receiptFates[receipt.status.toLowerCase()] ?? { tone: 'idle', icon: 'clock' }
    const why = reasonsOf(receipt)
    return { ...known, word: receipt.status, ...(why === '' ? {} : { why }) }
  }
  const why = entry.why ?? (entry.status === undefined || entry.status === 0 ? undefined : `The webhook answered ${entry.status}`)
  const because = why === undefined ? {} : { why }
  switch (entry.state) {
    case 'queued':
      return { tone: 'idle', icon: 'clock', word: 'Leaving' }
    case 'retrying':
      return { tone: 'warn', icon: 'clock', word: `Tried ${entry.attempts ?? 1} times`, ...because }
    case 'lost':
      return { tone: 'bad', icon: 'failed', word: 'Not taken', ...because }
    default:
      return { tone: 'idle', icon: 'check', word: 'Taken by the fleet' }
  }
}

export function reasonsOf(receipt: DeskReceipt): string {
  return receipt.reasons.map(({ code, message }) => (message === undefined ? code : `${message} (${code})`)).join('; ')
}
