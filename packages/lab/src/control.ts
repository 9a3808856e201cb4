import { ApiError, problemHandler } from '@um/shared/errors'
import express, { type Express, json, Router } from 'express'
import { deskRoutes } from './control/desks.ts'
import { faultRoutes } from './control/faults.ts'
import { guestRoutes } from './control/guests.ts'
import { mediaRoutes } from './control/media.ts'
import { limitOf, onlyOwnOrigin, pathText, queryText } from './control/request.ts'
import { streamHandler } from './control/stream.ts'
import type { Journeys } from './journey.ts'
import type { EventHub } from './kit/event-hub.ts'
import type { ExchangeLog } from './kit/exchange-log.ts'
import type { MediaStore } from './kit/media-store.ts'
import type { DeskSide, GuestSide, Simulator } from './kit/simulator.ts'
import { pageRoutes, securityHeaders } from './page.ts'
import type { LabInfo, SeedStatus } from './protocol.ts'

export interface ControlParts {
  instance: string
  pageDirectory: string
  simulators: readonly Simulator[]
  guestSides: readonly GuestSide[]
  deskSide: DeskSide
  media: MediaStore
  events: EventHub
  exchanges: ExchangeLog
  journeys: Journeys
  info(): LabInfo
  /** begins to seed again; undefined: there is no fleet */
  seed(): SeedStatus | undefined
  reset(): void
  report(error: unknown, what: string): void
}

/** The Lab's own HTTP side: control API, live stream, page. What it offers is written in `protocol/api.ts`. */
export function controlApp(parts: ControlParts): Express {
  const app = express()
  app.disable('x-powered-by')
  app.use(securityHeaders)
  app.use('/lab/api', apiRoutes(parts))
  app.use(pageRoutes(parts.pageDirectory))
  app.use(() => {
    throw new ApiError('notFound', 'There is nothing at this address.')
  })
  app.use(problemHandler(error => parts.report(error, 'control API')))
  return app
}

function apiRoutes(parts: ControlParts): Router {
  const router = Router()
  router.use(onlyOwnOrigin)
  router.use((_req, res, next) => {
    res.setHeader('Cache-Control', 'no-store')
    next()
  })
  router.use(mediaRoutes(parts.media))
  router.use(json({ limit: '1mb' }))
  router.get('/info', (_req, res) => {
    res.json(parts.info())
  })
  router.get('/events', streamHandler(parts.events, parts.instance))
  router.use(guestRoutes(parts.guestSides))
  router.use(deskRoutes(parts.deskSide))
  router.use(faultRoutes(parts.simulators.map(({ faults }) => faults)))
  router.get('/journeys', (req, res) => {
    res.json(
      parts.journeys.find({
        limit: limitOf(req, 50),
        guest: queryText(req, 'guest'),
        tenantId: queryText(req, 'tenantId'),
        message: queryText(req, 'message'),
        platformId: queryText(req, 'platformId'),
      }),
    )
  })
  router.get('/exchanges', (req, res) => {
    res.json(parts.exchanges.latest(limitOf(req, 100), queryText(req, 'simulator')))
  })
  router.get('/audit/:simulator', (req, res) => {
    const simulator = parts.simulators.find(({ id }) => id === pathText(req, 'simulator'))
    if (simulator === undefined) throw new ApiError('notFound', 'This simulator is not known.')
    res.json(simulator.audit())
  })
  router.post('/seed', (_req, res) => {
    const status = parts.seed()
    if (status === undefined) throw new ApiError('conflict', 'This Lab runs without a fleet: there is nothing to seed.')
    res.status(202).json(status)
  })
  router.post('/reset', (_req, res) => {
    parts.reset()
    res.status(204).end()
  })
  return router
}
