import { type DataOf, derivedId, type EnvelopeOf, envelope } from '@um/shared/model'
import { type Collection, type DocumentOf, documentContext, seal } from '@um/shared/settings'

/** What a transaction wants to do to the configuration. */
export type Change = { [C in Collection]: { op: 'put'; collection: C; id: string; document: DocumentOf<C> } }[Collection] | Removal
export type Removal = { [C in 'tenants' | 'storages']: { op: 'delete'; collection: C; id: string; document: DocumentOf<C> } }['tenants' | 'storages']
export type ConfigData = DataOf<'um.config.v1'>

/** A document as Redis holds it. */
export interface StoredDocument {
  revision: number
  sealed: string
}

export const keys = {
  revision: 'config:revision',
  /** changes when the data store begins anew */
  epoch: 'config:epoch',
  /** `<collection>/<id>` by revision */
  index: 'config:index',
  /** the same of what was deleted */
  deleted: 'config:deleted',
  /** events that RabbitMQ has not confirmed yet, by revision */
  outbox: 'config:outbox',
  /** what services are given back before they hear of these; see `backup/kept-outbox.ts` */
  kept: 'config:kept',
  /** what a service refused of it, for people who look into it */
  keptRefused: 'config:kept:refused',
  document: (collection: Collection, id: string) => `config:${collection}:${id}`,
} as const

const maxTombstones = 10_000

/** Redis commands that make the changes durable, and the events that tell of them, with revisions from `first`. Pure. */
export function writesOf(changes: readonly Change[], first: number, key: Buffer): { commands: string[][]; last: number } {
  const commands: string[][] = []
  let revision = first - 1
  for (const change of changes) {
    revision += 1
    const { collection, id } = change
    const name = documentContext(collection, id)
    const sealed = seal(change.document, key, name)
    if (change.op === 'put') {
      commands.push(['SET', keys.document(collection, id), JSON.stringify({ revision, sealed } satisfies StoredDocument)])
      commands.push(['ZADD', keys.index, String(revision), name], ['ZREM', keys.deleted, name])
      commands.push(outboxCommand({ op: 'put', collection, id, revision, sealed }))
    } else {
      commands.push(['DEL', keys.document(collection, id)])
      commands.push(
        ['ZREM', keys.index, name],
        ['ZADD', keys.deleted, String(revision), name],
        ['ZREMRANGEBYRANK', keys.deleted, '0', String(-maxTombstones - 1)],
      )
      commands.push(outboxCommand({ op: 'delete', collection: change.collection, id, revision, sealed }))
    }
  }
  return { commands, last: revision }
}

function outboxCommand(event: Extract<ConfigData, { op: 'put' | 'delete' }>): string[] {
  return ['ZADD', keys.outbox, String(event.revision), JSON.stringify(event)]
}

export function configEnvelope(data: ConfigData, now: Date): EnvelopeOf<'um.config.v1'> {
  const subject = data.op === 'put' || data.op === 'delete' ? documentContext(data.collection, data.id) : 'config'
  const name = 'revision' in data ? [String(data.revision), data.op === 'snapshot' ? `${data.page}/${now.toISOString()}` : subject] : [data.replyTo]
  return envelope('um.config.v1', { id: derivedId('config', data.op, ...name), source: '/api', subject, time: now }, data)
}
