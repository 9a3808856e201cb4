import type { Implementation } from '@um/shared/contract'
import * as api from './api.ts'
import { classify } from './classify.ts'
import type { viber } from './definition.ts'
import { enrich, prepare } from './guests.ts'
import { parse } from './parse.ts'
import * as registration from './registration.ts'
import { render } from './render.ts'
import * as webhook from './webhook.ts'

export const implementation: Implementation<typeof viber> = { ...webhook, ...registration, ...api, parse, render, prepare, classify, enrich }
