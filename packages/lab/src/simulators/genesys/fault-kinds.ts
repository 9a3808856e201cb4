import { downKind, requestKinds, webhookKinds } from '../../kit/faults/kinds.ts'
import type { FaultKind } from '../../protocol.ts'

export const genesysFaults: readonly FaultKind[] = [
  ...requestKinds,
  {
    kind: 'badToken',
    title: 'Token expired (401)',
    help: 'Refuses the access token of a call.',
    on: 'requests',
    params: [
      {
        name: 'how',
        title: 'How',
        type: 'choice',
        default: 'expired',
        choices: [
          { value: 'expired', title: 'this token has expired; a new login works' },
          { value: 'always', title: 'every token is refused' },
        ],
      },
    ],
    where: ['account', 'guest', 'operation'],
  },
  {
    kind: 'loginRefused',
    title: 'Login refused (invalid_client)',
    help: 'Refuses new logins, as after the OAuth client was deleted. Tokens in use go on working.',
    on: 'requests',
    params: [],
    where: [],
  },
  {
    kind: 'forbidden',
    title: 'Permission missing (403)',
    help: "Answers that the client's role lacks the permission for the call.",
    on: 'requests',
    params: [],
    where: ['account', 'operation'],
  },
  ...webhookKinds,
  downKind,
]
