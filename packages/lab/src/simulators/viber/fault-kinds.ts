import { downKind, requestKinds, webhookKinds } from '../../kit/faults/kinds.ts'
import type { FaultKind } from '../../protocol.ts'
import { statuses } from './status.ts'

const where: FaultKind['where'] = ['account', 'guest', 'operation']
const choices = Object.entries(statuses)
  .filter(([, status]) => status > 0)
  .map(([name, status]) => ({ value: name, title: `${status} ${name}` }))

export const viberFaults: readonly FaultKind[] = [
  ...requestKinds,
  {
    ...{ kind: 'refusal', title: 'Refused (status)', help: "Answers one of Viber's codes: token revoked, account suspended, app too old, no balance ..." },
    ...{ on: 'requests', where, params: [{ name: 'status', title: 'Status', type: 'choice', default: 'invalidAuthToken', choices }] },
  },
  { kind: 'failsLater', title: 'Fails later', help: 'Takes the message, and reports afterwards that it has failed.', on: 'requests', params: [], where },
  { kind: 'expired', title: 'Link expired (404)', help: 'What guests sent cannot be fetched any more.', on: 'requests', params: [], where },
  ...webhookKinds,
  downKind,
]
