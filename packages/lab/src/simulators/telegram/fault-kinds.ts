import { downKind, requestKinds, webhookKinds } from '../../kit/faults/kinds.ts'
import type { FaultKind } from '../../protocol.ts'

export const telegramFaults: readonly FaultKind[] = [
  ...requestKinds,
  {
    kind: 'badToken',
    title: 'Token revoked (401)',
    help: "Refuses the bot's token, as after a revocation at BotFather.",
    on: 'requests',
    params: [],
    where: ['account', 'operation'],
  },
  {
    kind: 'blocked',
    title: 'Blocked by the guest (403)',
    help: 'Refuses messages as if the guest had blocked the bot.',
    on: 'requests',
    params: [
      {
        name: 'reason',
        title: 'Reason',
        type: 'choice',
        default: 'blocked',
        choices: [
          { value: 'blocked', title: 'the guest has blocked the bot' },
          { value: 'deactivated', title: "the guest's account is gone" },
          { value: 'notFound', title: 'the chat is not found' },
        ],
      },
    ],
    where: ['account', 'guest', 'operation'],
  },
  ...webhookKinds,
  downKind,
]
