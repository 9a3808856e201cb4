import { downKind, requestKinds, webhookKinds } from '../../kit/faults/kinds.ts'
import type { FaultKind } from '../../protocol.ts'

const here: FaultKind['where'] = ['account', 'guest', 'operation']
export const lineFaults: readonly FaultKind[] = [
  ...requestKinds,
  {
    kind: 'badToken',
    title: 'Token refused (401)',
    help: 'Refuses the channel access token: revoked, or at its end.',
    on: 'requests',
    params: [],
    where: here,
  },
  { kind: 'monthlyLimit', title: 'Monthly limit reached (429)', help: 'No pushes until next month; replies go on.', on: 'requests', params: [], where: here },
  { kind: 'noContract', title: 'Not in the plan (403)', help: 'The account may not use this part of the API.', on: 'requests', params: [], where: here },
  { kind: 'preparing', title: 'Content is being prepared (202)', help: 'What guests sent cannot be fetched yet.', on: 'requests', params: [], where: here },
  { kind: 'withdrawn', title: 'Content withdrawn (410)', help: 'The guest has unsent what is being fetched.', on: 'requests', params: [], where: here },
  { kind: 'unknownGuest', title: 'Guest unknown (400)', help: 'LINE cannot send to this guest.', on: 'requests', params: [], where: here },
  ...webhookKinds,
  downKind,
]
