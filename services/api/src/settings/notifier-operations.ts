import { randomUUID } from 'node:crypto'
import type { checkedNotifierSettings, TestAnswer } from '@um/shared/notify'
import type { Notifier } from '@um/shared/settings'
import { z } from 'zod'
import type { ConfigStore } from '../config/store.ts'
import { documentOf } from '../documents/checked.ts'
import { generate } from '../documents/new-values.ts'
import { checkSettings } from '../documents/settings-part.ts'
import { type Operation, operation } from '../http/operation.ts'
import { settingsJsonSchema } from '../platforms/json-schema.ts'
import type { NotifierReports } from '../reports/notifiers.ts'
import { NotifierTest } from './schema.ts'

const tag = 'Settings'
const NotifierStatusAnswer = z
  .object({
    id: z.string(),
    status: z.enum(['unknown', 'working', 'failing', 'broken']).meta({
      description: 'failing: the last notice did not get through. broken: it refuses notices until its settings are changed.',
    }),
    lastSuccessAt: z.string().nullable(),
    lastError: z.object({ at: z.string(), service: z.string(), text: z.string(), httpStatus: z.number().nullable() }).nullable(),
    queued: z.number().meta({ description: 'Notices that wait for it.' }),
  })
  .meta({ id: 'NotifierStatus' })
const types = ['gcloudcx', 'slack', 'discord', 'pagerduty'] as const
const Draft = z.looseObject({ id: z.uuid().optional(), type: z.enum(types), settings: z.record(z.string(), z.unknown()).default({}) })

/** How notifier destinations fare, and whether one that is not saved yet would work. */
export function notifierOperations(options: {
  store: ConfigStore
  notifiers: ReturnType<typeof checkedNotifierSettings>
  notifierReports: NotifierReports
  testNotifier(notifier: Pick<Notifier, 'id' | 'type' | 'settings'>): Promise<TestAnswer>
}): Operation[] {
  const { store, notifiers, notifierReports } = options
  return [
    operation({
      id: 'listNotifierStatus',
      method: 'GET',
      path: '/settings/notifiers/status',
      tag,
      summary: 'How the notifier destinations fare',
      description: 'As the services have seen them: the last notice that got through, the last one that did not and why, and how many wait.',
      access: 'administrator',
      answers: { 200: { description: 'In the order of the settings.', schema: z.array(NotifierStatusAnswer) } },
      problems: [],
      async handle() {
        const { document } = (await store.read()).settings()
        return { status: 200, body: await notifierReports.status(document.notifiers.map(({ id }) => id)) }
      },
    }),
    operation({
      id: 'testNotifierSettings',
      method: 'POST',
      path: '/settings/notifiers/test',
      tag,
      summary: 'Try a notifier destination before it is saved',
      description: 'Sends it a test notice. With the id of a saved one, secrets that read *** are its own.',
      access: 'administrator',
      body: Draft,
      bodySchema: {
        oneOf: types.map(type => ({
          type: 'object',
          required: ['type', 'settings'],
          properties: { id: { type: 'string', format: 'uuid' }, type: { type: 'string', const: type }, settings: settingsJsonSchema(notifiers[type]) },
        })),
        discriminator: { propertyName: 'type' },
      },
      bodyExample: { type: 'slack', settings: { webhookUrl: 'https://hooks.slack.com/services/T000/B000/XXXX' } },
      answers: { 200: { description: 'What the destination answered.', schema: NotifierTest } },
      problems: ['malformed', 'mediaType', 'tooLarge', 'invalid'],
      async handle({ body }) {
        const stored = (await store.read()).settings().document.notifiers.find(({ id, type }) => id === body.id && type === body.type)
        const settings = documentOf(checkSettings(notifiers[body.type], body.settings, stored?.settings, generate, '/settings'))
        return { status: 200, body: await options.testNotifier({ id: body.id ?? randomUUID(), type: body.type, settings }) }
      },
    }),
  ]
}
