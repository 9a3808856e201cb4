import type { Implementation, OutgoingReceipt, PlatformCall } from '@um/shared/contract'
import * as api from './api.ts'
import { readCalls } from './calls.ts'
import { classify } from './classify.ts'
import type { line, Out } from './definition.ts'
import { parse } from './parse.ts'
import { prepare, receiptWindowSeconds, sentEffect } from './phone.ts'
import { pages } from './preview.ts'
import * as registration from './registration.ts'
import { render } from './render.ts'
import { switchUser } from './switcher.ts'
import { authorize } from './tokens.ts'
import { keys, locate, verify } from './webhook.ts'

const renderReceipt = ({ state }: OutgoingReceipt, out: Out): PlatformCall[] => (state === 'read' ? readCalls(out) : [])
const ways = { locate, keys, verify, parse, render, renderReceipt, classify, authorize, prepare, sentEffect, receiptWindowSeconds, pages, switchUser }
export const implementation: Implementation<typeof line> = { ...ways, unlocated: 'unknown', ...registration, ...api }
