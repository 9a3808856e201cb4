import type { Implementation } from '@um/shared/contract'
import * as api from './api.ts'
import { classify } from './classify.ts'
import type { wechat } from './definition.ts'
import { download, prepare } from './media.ts'
import { parse } from './parse.ts'
import { render } from './render.ts'
import { authorize } from './tokens.ts'
import * as webhook from './webhook.ts'
import { enrich, jobs, sentEffect } from './window.ts'

const ways = { parse, render, classify, authorize, prepare, download, enrich, sentEffect, jobs }
export const implementation: Implementation<typeof wechat> = { ...ways, ...webhook, ...api }
