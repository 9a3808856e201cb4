import { ApiError } from '@um/shared/errors'
import type { checkedNotifierSettings, TestAnswer } from '@um/shared/notify'
import { type FleetSettings, fleetSettingsId, type Notifier } from '@um/shared/settings'
import { z } from 'zod'
import { changedPointers } from '../audit/changes.ts'
import type { Entry } from '../config/mirror.ts'
import type { ConfigStore } from '../config/store.ts'
import { documentOf } from '../documents/checked.ts'
import { generate } from '../documents/new-values.ts'
import { maskSettings } from '../documents/settings-part.ts'
import { assertUnchanged, etagOf } from '../http/etag.ts'
import { type Answer, type Operation, operation } from '../http/operation.ts'
import { checkFleetSettings } from './check.ts'
import { Commander } from './commander.ts'
import { keptProxyPassword, withoutPassword } from './proxy.ts'
import { NotifierTest, SettingsAnswer, settingsInput } from './schema.ts'

const tag = 'Settings'
const etag = { ETag: 'The revision, for If-Match.' }

export function settingsOperations(options: {
  store: ConfigStore
  notifiers: ReturnType<typeof checkedNotifierSettings>
  announced(): Promise<void>
  /** Sends a notice to one destination, and tells what it answered. */
  testNotifier(notifier: Notifier): Promise<TestAnswer>
}): Operation[] {
  const { store, notifiers, announced } = options
  const present = (settings: FleetSettings): FleetSettings => ({
    ...settings,
    outboundProxy: settings.outboundProxy === null ? null : withoutPassword(settings.outboundProxy),
    notifiers: settings.notifiers.map(notifier => ({ ...notifier, settings: maskSettings(notifiers[notifier.type], notifier.settings) })),
    commander: maskSettings(Commander, settings.commander),
  })
  const answer = ({ document, revision }: Entry<'settings'>): Answer => ({ status: 200, headers: { ETag: etagOf(revision) }, body: present(document) })
  return [
    operation({
      id: 'getSettings',
      method: 'GET',
      path: '/settings',
      tag,
      summary: 'Read the settings common to all services',
      access: 'administrator',
      answers: { 200: { description: 'The settings; secrets read ***.', schema: SettingsAnswer, headers: etag } },
      problems: [],
      async handle() {
        return answer((await store.read()).settings())
      },
    }),
    operation({
      id: 'replaceSettings',
      method: 'PUT',
      path: '/settings',
      tag,
      summary: 'Replace the settings common to all services',
      description: 'Outbound proxy, notifier destinations, default commander. Secrets that are sent back as *** stay as they are.',
      access: 'administrator',
      headers: { 'If-Match': 'The ETag of what you read: 412 when somebody has saved the settings since.' },
      body: z.unknown(),
      bodySchema: settingsInput(notifiers),
      bodyExample: {
        outboundProxy: 'http://proxy.acme.com:3128',
        notifiers: [{ type: 'slack', topic: 'Default', settings: { webhookUrl: 'https://hooks.slack.com/services/T000/B000/XXXX', channel: '#operations' } }],
        commander: {},
      },
      answers: { 200: { description: 'Stored; all services hear of it.', schema: SettingsAnswer, headers: etag } },
      problems: ['malformed', 'mediaType', 'tooLarge', 'invalid', 'changed'],
      async handle({ body, header, administrator, address }) {
        const saved = await store.transact(view => {
          const stored = view.settings()
          assertUnchanged(header('if-match'), stored.revision)
          const document = documentOf(checkFleetSettings(keptProxyPassword(body, stored.document), stored.document, { notifiers, generate }))
          const changed = changedPointers(stored.document, document)
          if (changed.length === 0) return { changes: [], result: () => stored }
          return {
            changes: [{ op: 'put', collection: 'settings', id: fleetSettingsId, document }],
            audit: [{ who: administrator.user, address, action: 'update', target: { collection: 'settings', id: fleetSettingsId }, changed }],
            result: after => after.settings(),
          }
        })
        await announced()
        return answer(saved)
      },
    }),
    operation({
      id: 'testNotifier',
      method: 'POST',
      path: '/settings/notifiers/{id}/test',
      tag,
      summary: 'Try a notifier destination',
      description: 'Sends it a test notice, whether it is enabled or not, and tells what it answered.',
      access: 'administrator',
      params: { id: 'The notifier, as it is saved.' },
      answers: { 200: { description: 'What the destination answered.', schema: NotifierTest } },
      problems: ['notFound'],
      async handle({ params }) {
        const { document } = (await store.read()).settings()
        const notifier = document.notifiers.find(({ id }) => id === params.id)
        if (notifier === undefined) throw new ApiError('notFound', 'There is no notifier with this id.')
        return { status: 200, body: await options.testNotifier(notifier) }
      },
    }),
  ]
}
