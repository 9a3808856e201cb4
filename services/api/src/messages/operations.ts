import type { Broker } from '@um/shared/amqp'
import type { Definition } from '@um/shared/contract'
import { ApiError } from '@um/shared/errors'
import type { Journal } from '@um/shared/journal'
import { z } from 'zod'
import type { ConfigStore } from '../config/store.ts'
import { type Operation, operation } from '../http/operation.ts'
import { namedTenant } from '../tenants/named.ts'
import { contentOf, MessagesDocument, MessagesRequest } from './body.ts'
import { idempotencyKey, type RememberedAnswers } from './idempotency.ts'
import { assertShowable, sendMessages } from './send.ts'
import { MessageState, type MessageStates } from './states.ts'
import type { AdmitCaller } from './tenant-access.ts'

const Accepted = z
  .object({
    messages: z.array(
      z.object({
        id: z.string(),
        kind: z.string(),
        shown: z.enum(['asIs', 'degraded']).meta({ description: 'degraded: the platform has nothing like it; the guest gets it in words or as a link.' }),
      }),
    ),
  })
  .meta({ id: 'AcceptedMessages' })
const tag = 'Messages'

export function messageOperations(options: {
  store: ConfigStore
  broker: Broker
  states: MessageStates
  remembered: RememberedAnswers
  admit: AdmitCaller
  connectors: ReadonlyMap<string, Definition>
  journal: Pick<Journal, 'tell'>
  now: () => Date
}): Operation[] {
  const { store, states, remembered, admit, connectors } = options
  return [
    operation({
      id: 'sendMessages',
      method: 'POST',
      path: '/messages',
      tag,
      summary: 'Send messages to a guest',
      description: "For IVRs, with the tenant's own user name and password (Basic), or none if the tenant asks for none.",
      access: 'tenant',
      headers: {
        'Idempotency-Key':
          'Any text of up to 255 characters: a request that is repeated with the same key within a day sends nothing again and gets the same answer.',
      },
      body: MessagesRequest,
      bodySchema: MessagesDocument,
      bodyExample: {
        tenantId: '259bb4e2-f7e5-4b06-9a51-c528f412404b',
        userId: '123456789abcd',
        messages: ['Hello from the IVR!', { type: 'sticker', stickerId: '123345', packageId: '456' }],
      },
      answers: {
        202: {
          description: 'Accepted, in this order.',
          schema: Accepted,
          headers: { 'Idempotency-Replayed': 'true: this is the answer of an earlier request with the same key.' },
        },
      },
      problems: ['malformed', 'mediaType', 'tooLarge', 'invalid', 'unauthenticated', 'notFound', 'conflict', 'tooMany'],
      async handle({ body, header, address }) {
        const tenant = namedTenant(await store.read(), body)
        await admit(tenant, header('authorization'), address)
        if (!tenant.enabled) throw new ApiError('conflict', 'The tenant is disabled.')
        const platform = connectors.get(tenant.messaging.type)
        if (platform === undefined) throw new ApiError('conflict', 'This version does not know the messaging platform of the tenant.')
        const contents = (body.messages ?? (body.message === undefined ? [] : [body.message])).map(contentOf)
        assertShowable(contents, platform, index => (body.messages === undefined ? '/message' : `/messages/${index}`))
        const key = idempotencyKey(header('idempotency-key'))
        const before = key === undefined ? undefined : await remembered.find(tenant.id, key, body)
        if (before !== undefined) return { status: 202, headers: { 'Idempotency-Replayed': 'true' }, body: before }
        const answer = { messages: await sendMessages(options, { tenant, platform, userId: body.userId, contents, key }) }
        if (key !== undefined) await remembered.keep(tenant.id, key, body, answer)
        return { status: 202, body: answer }
      },
    }),
    operation({
      id: 'getMessage',
      method: 'GET',
      path: '/messages/{id}',
      tag,
      summary: 'What became of a message',
      description: 'Known for seven days. How far it gets depends on the platform: not all of them tell that a message was delivered or read.',
      access: 'tenant',
      params: { id: 'From the answer to sendMessages.' },
      answers: { 200: { description: 'Its state.', schema: MessageState.meta({ id: 'MessageState' }) } },
      problems: ['unauthenticated', 'notFound', 'tooMany'],
      async handle({ params, header, address }) {
        const found = await states.find(params.id ?? '')
        const tenant = found === undefined ? undefined : (await store.read()).tenant(found.tenantId)?.document
        if (found === undefined || tenant === undefined) throw new ApiError('notFound', 'There is no such message (any more).')
        await admit(tenant, header('authorization'), address)
        return { status: 200, body: found }
      },
    }),
  ]
}
