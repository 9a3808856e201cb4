import { ApiError } from '@um/shared/errors'
import { Router } from 'express'
import type { DeskSide } from '../kit/simulator.ts'
import { AgentAction } from '../protocol.ts'
import { limitOf, pathText, queryText, readInput } from './request.ts'

export function deskRoutes(side: DeskSide): Router {
  const router = Router()

  router.get('/desks', (_req, res) => {
    res.json({ items: side.desks(), more: false })
  })
  router.get('/conversations', (req, res) => {
    const state = queryText(req, 'state')
    if (state !== undefined && state !== 'open' && state !== 'ended') {
      throw new ApiError('invalid', 'The query is not valid.', { fields: [{ pointer: '/state', detail: 'must be open or ended' }] })
    }
    res.json(side.conversations(limitOf(req, 200), state))
  })
  router.get('/conversations/:id', (req, res) => {
    res.json(side.deskTimeline(pathText(req, 'id'), limitOf(req, 100)))
  })
  router.post('/conversations/:id/actions', async (req, res) => {
    res.status(201).json(await side.agentActs(pathText(req, 'id'), readInput(AgentAction, req.body)))
  })

  return router
}
