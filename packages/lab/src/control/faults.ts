import { ApiError } from '@um/shared/errors'
import { Router } from 'express'
import type { FaultBoard } from '../kit/faults/board.ts'
import { NewFault } from '../protocol.ts'
import { pathText, queryText, readInput } from './request.ts'

export function faultRoutes(boards: readonly FaultBoard[]): Router {
  const router = Router()

  router.get('/faults/catalog', (_req, res) => {
    res.json({ items: boards.map(board => board.catalog()), more: false })
  })
  router.get('/faults', (_req, res) => {
    res.json({ items: boards.flatMap(board => board.list()), more: false })
  })
  router.post('/faults', async (req, res) => {
    const wanted = readInput(NewFault, req.body)
    const board = boards.find(each => each.simulator === wanted.simulator)
    if (board === undefined) throw new ApiError('invalid', 'The body is not valid.', { fields: [{ pointer: '/simulator', detail: 'is not known' }] })
    res.status(201).json(await board.add(wanted))
  })
  router.delete('/faults/:id', async (req, res) => {
    for (const board of boards) {
      if (await board.remove(pathText(req, 'id'))) return res.status(204).end()
    }
    throw new ApiError('notFound', 'This fault is not active (any more).')
  })
  router.delete('/faults', async (req, res) => {
    const simulator = queryText(req, 'simulator')
    for (const board of boards) if (simulator === undefined || board.simulator === simulator) await board.clear()
    res.status(204).end()
  })

  return router
}
