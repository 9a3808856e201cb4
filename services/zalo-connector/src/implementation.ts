import type { Implementation } from '@um/shared/contract'
import * as api from './api.ts'
import { classify } from './classify.ts'
import type { zalo } from './definition.ts'
import { pages } from './pages.ts'
import { parse } from './parse.ts'
import { render } from './render.ts'
import { authorize } from './tokens.ts'
import { prepare } from './uploads.ts'
import { keys, locate, unlocated, verify } from './webhook.ts'

export const implementation: Implementation<typeof zalo> = {
  ...{ locate, keys, unlocated, verify, parse, render, prepare, classify, authorize, pages },
  ...api,
}
