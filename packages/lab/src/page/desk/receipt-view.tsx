import type { DeskEntry } from '../../protocol.ts'
import { exactTime } from '../controls/clock.ts'
import { Icon } from '../controls/icon.tsx'
import { inOrder } from '../controls/in-order.ts'
import { fateOf, reasonsOf } from './receipts.ts'

/** What became of the agent's message, below it; opens to all receipts in their order. */
export function ReceiptView({ entry }: { entry: DeskEntry }) {
  const fate = fateOf(entry)
  const receipts = entry.receipts ?? []
  const line = (
    <>
      <Icon name={fate.icon} small />
      <span>{fate.why === undefined ? fate.word : `${fate.word}: ${fate.why}`}</span>
    </>
  )
  if (receipts.length === 0) return <p className={`trouble-line trouble-${fate.tone}`}>{line}</p>
  return (
    <details className="receipts">
      <summary className={`trouble-line trouble-${fate.tone}`}>{line}</summary>
      <ol>
        {inOrder(receipts).map(({ key, item: receipt }) => (
          <li key={key}>
            <strong>{receipt.status}</strong> {exactTime(receipt.at)}
            {receipt.reasons.length > 0 && <span> · {reasonsOf(receipt)}</span>}
          </li>
        ))}
      </ol>
    </details>
  )
}
