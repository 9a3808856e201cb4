import type { Definition, StorageDefinition } from '@um/shared/contract'
import { ApiError } from '@um/shared/errors'
import { notifierLabels } from '@um/shared/notify'
import type { Notifier } from '@um/shared/settings'
import { storageSettings } from '@um/shared/storage'
import { z } from 'zod'
import { type Operation, operation } from '../http/operation.ts'
import { Commander } from '../settings/commander.ts'
import { settingsJsonSchema } from './json-schema.ts'

const JsonSchemaAnswer = z
  .record(z.string(), z.unknown())
  .meta({ description: 'JSON Schema (2020-12) of the settings, with title, secret, advanced, generated and options on its fields.' })
const TypeAnswer = z.object({ id: z.string(), label: z.string(), settings: JsonSchemaAnswer }).meta({ id: 'Type' })
const PlatformAnswer = z
  .object({
    id: z.string(),
    role: z.enum(['messaging', 'cx']),
    label: z.string(),
    media: z.string(),
    ingress: z.string().nullable(),
    webhookUrl: z.string().nullable().meta({ description: 'Where the platform calls this deployment.' }),
    capabilities: z.record(z.string(), z.unknown()),
    settings: JsonSchemaAnswer,
    documents: z
      .array(z.object({ name: z.string(), title: z.string(), help: z.string(), mime: z.string(), url: z.string() }))
      .meta({ description: 'What to bring to the console of the platform, made for this deployment (e.g. the manifest of an app).' }),
  })
  .meta({ id: 'Platform' })
type TypeAnswer = z.infer<typeof TypeAnswer>

/** What can be configured: everything that a form needs to know. */
export function platformOperations(options: {
  connectors: ReadonlyMap<string, Definition>
  storages: ReadonlyMap<string, StorageDefinition>
  notifiers: Readonly<Record<Notifier['type'], z.ZodObject>>
  publicUrl: string
}): Operation[] {
  const platforms = [...options.connectors.values()].map(({ id, role, label, media, ingress, capabilities, settings, documents = [] }) => ({
    id,
    role,
    label,
    media,
    ingress: ingress ?? null,
    webhookUrl: ingress === undefined ? null : `${options.publicUrl}${ingress}`,
    capabilities,
    settings: settingsJsonSchema(settings),
    documents: documents.map(({ name, title, help, mime }) => ({
      name,
      title,
      help,
      mime,
      url: `${options.publicUrl}/api/v1/platforms/${id}/documents/${name}`,
    })),
  }))
  const storageTypes = [...options.storages.values()].map(definition => ({
    id: definition.id,
    label: definition.label,
    settings: settingsJsonSchema(storageSettings(definition)),
  }))
  const notifierTypes = (Object.keys(notifierLabels) as Notifier['type'][]).map(id => ({
    id,
    label: notifierLabels[id],
    settings: settingsJsonSchema(options.notifiers[id]),
  }))
  const commanderTypes = [{ id: 'dialogflow', label: 'Dialogflow', settings: settingsJsonSchema(Commander) }]
  return [
    ...pair('/platforms', { one: 'Platform', many: 'Platforms', noun: 'messaging and CX platforms' }, PlatformAnswer, platforms),
    documentOperation(options),
    ...pair('/storage-types', { one: 'StorageType', many: 'StorageTypes', noun: 'storage types' }, TypeAnswer, storageTypes),
    ...pair('/notifier-types', { one: 'NotifierType', many: 'NotifierTypes', noun: 'notifier types' }, TypeAnswer, notifierTypes),
    ...pair('/commander-types', { one: 'CommanderType', many: 'CommanderTypes', noun: 'commander types' }, TypeAnswer, commanderTypes),
  ]
}

/** Known before the first tenant is: an app is made from it, and the tenant from the app. */
function documentOperation({ connectors, publicUrl }: { connectors: ReadonlyMap<string, Definition>; publicUrl: string }): Operation {
  return operation({
    id: 'getPlatformDocument',
    method: 'GET',
    path: '/platforms/{id}/documents/{name}',
    tag: 'Catalog',
    summary: 'Read a document for the console of a platform',
    access: 'administrator',
    params: { id: 'The platform.', name: 'Its document, e.g. manifest.json.' },
    answers: { 200: { description: 'The document itself, in its own media type.', type: 'application/json', schema: z.unknown() } },
    problems: ['notFound'],
    handle({ params }) {
      const { ingress = '', documents = [] } = connectors.get(params.id ?? '') ?? {}
      const found = documents.find(({ name }) => name === params.name)
      if (found === undefined) throw new ApiError('notFound', 'This platform has no such document.')
      return { status: 200, text: { type: found.mime, content: found.content(`${publicUrl}${ingress}`) } }
    },
  })
}

function pair(
  path: string,
  names: { one: string; many: string; noun: string },
  schema: z.ZodType,
  entries: readonly (TypeAnswer & { id: string })[],
): Operation[] {
  return [
    operation({
      id: `list${names.many}`,
      method: 'GET',
      path,
      tag: 'Catalog',
      summary: `List the ${names.noun}`,
      access: 'administrator',
      answers: { 200: { description: 'All that this version knows.', schema: z.array(schema) } },
      problems: [],
      handle: () => ({ status: 200, body: entries }),
    }),
    operation({
      id: `get${names.one}`,
      method: 'GET',
      path: `${path}/{id}`,
      tag: 'Catalog',
      summary: `Read one of the ${names.noun}`,
      access: 'administrator',
      params: { id: 'Its id.' },
      answers: { 200: { description: 'Found.', schema } },
      problems: ['notFound'],
      handle({ params }) {
        const found = entries.find(({ id }) => id === params.id)
        if (found === undefined) throw new ApiError('notFound', `This version does not know it. Known are ${entries.map(({ id }) => id).join(', ')}.`)
        return { status: 200, body: found }
      },
    }),
  ]
}
