import type { Implementation } from '@um/shared/contract'
import { bases } from './addresses.ts'
import { budgets, classify, respond, sent } from './api.ts'
import { conversationsJob, sentEffect } from './conversations.ts'
import type { gcloudcx } from './definition.ts'
import { download, enrich } from './enrich.ts'
import { register, unregister } from './integration.ts'
import { authorize, check } from './oauth.ts'
import { parse } from './parse.ts'
import { render, renderLifecycle, renderReceipt } from './render.ts'
import { acknowledge, keys, locate, verify } from './webhook.ts'

export const implementation: Implementation<typeof gcloudcx> = {
  bases,
  keys,
  locate,
  unlocated: 'unknown',
  verify,
  parse,
  acknowledge,
  respond,
  render,
  renderReceipt,
  receiptStates: ['delivered', 'read', 'failed'],
  renderLifecycle,
  sent,
  classify,
  budgets,
  authorize,
  check,
  register: ctx => register(ctx),
  unregister,
  download,
  enrich,
  receiptWindowSeconds: 24 * 3600,
  sentEffect,
  jobs: [conversationsJob],
}
