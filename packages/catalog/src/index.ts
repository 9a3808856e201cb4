import { aws } from '@um/aws-provider/definition'
import { gcloudcx } from '@um/gcloudcx-connector/definition'
import { line } from '@um/line-connector/definition'
import type { Definition, StorageDefinition } from '@um/shared/contract'
import { slack } from '@um/slack-connector/definition'
import { telegram } from '@um/telegram-connector/definition'
import { viber } from '@um/viber-connector/definition'
import { wechat } from '@um/wechat-connector/definition'
import { zalo } from '@um/zalo-connector/definition'

/** All platforms, messaging and CX, by id. One line each: what is not here does not exist for the API and the web site. */
export const connectors: ReadonlyMap<string, Definition> = byId([telegram, gcloudcx, line, slack, viber, zalo, wechat])

/** All storage providers, by id. */
export const storages: ReadonlyMap<string, StorageDefinition> = byId([aws])

function byId<D extends { readonly id: string }>(definitions: readonly D[]): ReadonlyMap<string, D> {
  return new Map(definitions.map(definition => [definition.id, definition]))
}
