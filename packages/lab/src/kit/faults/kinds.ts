import type { FaultKind, FaultParam } from '../../protocol.ts'

const when: FaultParam = {
  name: 'when',
  title: 'When',
  type: 'choice',
  default: 'before',
  choices: [
    { value: 'before', title: 'before the request is carried out' },
    { value: 'after', title: 'after it was carried out (the answer is lost)' },
  ],
}
const everywhere: FaultKind['where'] = ['account', 'guest', 'operation']

/** Kinds that every simulator offers on what the fleet asks of it. */
export const requestKinds: readonly FaultKind[] = [
  {
    kind: 'rateLimit',
    title: 'Too many requests (429)',
    help: 'Refuses requests and says how long to wait.',
    on: 'requests',
    params: [{ name: 'retryAfterSeconds', title: 'Wait', type: 'number', unit: 's', default: 2, min: 0, max: 3600 }],
    where: everywhere,
  },
  {
    kind: 'serverError',
    title: 'Server error (5xx)',
    help: 'Answers that the platform itself has failed. Carried out or not: the fleet cannot know.',
    on: 'requests',
    params: [{ name: 'status', title: 'Status', type: 'number', default: 500, min: 500, max: 599 }, when],
    where: everywhere,
  },
  {
    kind: 'slow',
    title: 'Slow',
    help: 'Answers late.',
    on: 'requests',
    params: [{ name: 'ms', title: 'Delay', type: 'number', unit: 'ms', default: 2000, min: 1, max: 600_000 }],
    where: everywhere,
  },
  { kind: 'reset', title: 'Connection reset', help: 'Cuts the connection instead of answering.', on: 'requests', params: [when], where: everywhere },
  { kind: 'hang', title: 'No answer', help: 'Takes the request and never answers.', on: 'requests', params: [when], where: everywhere },
]

/** Kinds that every simulator with webhooks offers on what it tells the fleet. */
export const webhookKinds: readonly FaultKind[] = [
  {
    kind: 'duplicate',
    title: 'Webhook twice',
    help: 'Delivers webhooks again, as platforms do when our answer got lost.',
    on: 'webhooks',
    params: [
      { name: 'copies', title: 'Further copies', type: 'number', default: 1, min: 1, max: 20 },
      { name: 'newId', title: 'Under a new event id', type: 'boolean', default: false },
      { name: 'afterMs', title: 'Later by', type: 'number', unit: 'ms', default: 0, min: 0, max: 600_000 },
    ],
    where: everywhere,
  },
  {
    kind: 'reorder',
    title: 'Webhooks out of order',
    help: "Lets the same guest's next webhook overtake.",
    on: 'webhooks',
    params: [{ name: 'withinMs', title: 'Wait for a next one', type: 'number', unit: 'ms', default: 2000, min: 1, max: 600_000 }],
    where: everywhere,
  },
  {
    kind: 'delay',
    title: 'Webhook late',
    help: "Delivers late; the same guest's later webhooks wait behind.",
    on: 'webhooks',
    params: [{ name: 'ms', title: 'Delay', type: 'number', unit: 'ms', default: 3000, min: 1, max: 600_000 }],
    where: everywhere,
  },
  {
    kind: 'forged',
    title: 'Forged webhook',
    help: 'Adds a copy with another text and a wrong secret or signature. Nothing of it may get through.',
    on: 'webhooks',
    params: [],
    where: everywhere,
  },
  {
    kind: 'drop',
    title: 'Webhook never sent',
    help: 'Loses webhooks and says that they were delivered. No fleet can make up for it: whoever checks the fleet must notice.',
    on: 'webhooks',
    params: [],
    where: everywhere,
  },
]

export const downKind: FaultKind = {
  kind: 'down',
  title: 'Platform is down',
  help: 'Closes the port: connections are refused until this fault is removed.',
  on: 'service',
  params: [],
  where: [],
}
