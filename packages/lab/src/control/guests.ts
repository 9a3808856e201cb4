import { ApiError } from '@um/shared/errors'
import { Router } from 'express'
import type { GuestSide } from '../kit/simulator.ts'
import { type Account, GuestAction, NewPhone, type Phone } from '../protocol.ts'
import { limitOf, pathText, readInput } from './request.ts'

/** Accounts and phones of all messaging platforms. */
export function guestRoutes(sides: readonly GuestSide[]): Router {
  const router = Router()

  router.get('/accounts', (_req, res) => {
    res.json({ items: sides.flatMap(side => side.accounts()), more: false })
  })

  router.get('/phones', (req, res) => {
    const limit = limitOf(req, 200)
    const lists = sides.map(side => side.phones(limit))
    const items = lists.flatMap(list => list.items).sort((a, b) => (a.lastAt < b.lastAt ? 1 : -1))
    res.json({ items: items.slice(0, limit), more: items.length > limit || lists.some(list => list.more) })
  })

  router.post('/phones', (req, res) => {
    const wanted = readInput(NewPhone, req.body)
    const side = sides.find(each => each.platform.id === wanted.platform)
    if (side === undefined) throw invalid('/platform', 'is not simulated')
    const { phone, created } = side.openPhone(accountOf(side, wanted), wanted.guest ?? {})
    res.status(created ? 201 : 200).json(phone satisfies Phone)
  })

  router.get('/phones/:id', (req, res) => {
    const id = pathText(req, 'id')
    res.json(sideOf(sides, id).timeline(id, limitOf(req, 100)))
  })

  router.delete('/phones/:id', (req, res) => {
    const id = pathText(req, 'id')
    sideOf(sides, id).removePhone(id)
    res.status(204).end()
  })

  router.post('/phones/:id/actions', async (req, res) => {
    const id = pathText(req, 'id')
    const side = sideOf(sides, id)
    const action = readInput(GuestAction, req.body)
    if (!side.platform.actions.includes(action.do)) throw invalid('/do', `is not possible on ${side.platform.label}`)
    res.status(201).json(await side.act(id, action))
  })

  return router
}

function sideOf(sides: readonly GuestSide[], phone: string): GuestSide {
  const side = sides.find(each => phone.startsWith(`${each.platform.id}:`))
  if (side === undefined) throw new ApiError('notFound', 'This phone is not known.')
  return side
}

/** The account that is named, else the tenant's, else the only one. */
function accountOf(side: GuestSide, { account, tenantId }: NewPhone): string {
  const accounts = side.accounts()
  const isWanted = ({ id, tenantId: owner }: Account) => (account !== undefined ? id === account : tenantId === undefined || owner === tenantId)
  const fitting = accounts.filter(isWanted)
  const [only] = fitting
  if (only === undefined) throw invalid(account === undefined ? '/tenantId' : '/account', 'is not known')
  if (fitting.length > 1) throw invalid('/account', 'must be named: there are several')
  return only.id
}
function invalid(pointer: string, detail: string): ApiError {
  return new ApiError('invalid', 'The body is not valid.', { fields: [{ pointer, detail }] })
}
