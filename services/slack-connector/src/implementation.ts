import type { Implementation } from '@um/shared/contract'
import * as api from './api.ts'
import { budgets } from './budgets.ts'
import { classify } from './classify.ts'
import type { slack } from './definition.ts'
import { download, prepare } from './files.ts'
import { pages } from './pages.ts'
import { parse } from './parse.ts'
import { enrich, profile } from './people.ts'
import { render, renderLifecycle } from './render.ts'
import { acknowledge, keys, locate, paths, verify } from './webhook.ts'
import { accountOf, authorize } from './workspaces.ts'

export const implementation: Implementation<typeof slack> = {
  ...{ paths, keys, locate, verify, parse, acknowledge, accountOf },
  ...{ render, renderLifecycle, prepare, classify, budgets, authorize },
  ...{ profile, enrich, download, pages },
  ...api,
  sentMeans: 'delivered',
}
