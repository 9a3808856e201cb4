import type { Implementation } from '@um/shared/contract'
import * as api from './api.ts'
import { classify } from './classify.ts'
import type { telegram } from './definition.ts'
import { parse } from './parse.ts'
import * as registration from './registration.ts'
import { render } from './render.ts'
import { keys, locate, verify } from './webhook.ts'

export const implementation: Implementation<typeof telegram> = { locate, keys, verify, parse, render, classify, ...registration, ...api }
