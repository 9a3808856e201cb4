import { describe, expect, it } from '@jest/globals'
import type { ServiceStatus } from '../src/page/api/types.ts'
import { serviceState, sortedServices, waitingMessages } from '../src/page/status/service-state.ts'

const replica = (ready: boolean) => ({ replica: 'a', version: '1', startedAt: '', ready, lastSeenAt: '' })
function service(name: string, more: Partial<ServiceStatus>): ServiceStatus {
  return { service: name, label: null, replicas: [], needed: false, queues: null, ...more }
}

describe('a service', () => {
  it('without replicas is missing when something depends on it, and merely absent otherwise', () => {
    expect(serviceState({ replicas: [], needed: true })).toBe('missing')
    expect(serviceState({ replicas: [], needed: false })).toBe('absent')
  })

  it('with replicas is ready when all of them are, needed or not', () => {
    expect(serviceState({ replicas: [replica(true), replica(true)], needed: true })).toBe('ready')
    expect(serviceState({ replicas: [replica(true), replica(false)], needed: false })).toBe('notReady')
  })
})

describe('the services', () => {
  it('are listed by who needs somebody most', () => {
    const services = [
      service('absent', {}),
      service('ready b', { replicas: [replica(true)] }),
      service('ready a', { replicas: [replica(true)] }),
      service('not ready', { replicas: [replica(false)] }),
      service('missing', { needed: true }),
    ]

    expect(sortedServices(services).map(each => each.service)).toEqual(['missing', 'not ready', 'ready a', 'ready b', 'absent'])
  })

  it('have all their waiting messages counted, those of a service that is down too', () => {
    const waiting = (count: number | null) => ({ waiting: count, consumers: 0 })
    const services = [
      service('up', { replicas: [replica(true)], queues: waiting(2) }),
      service('down', { needed: true, queues: waiting(40) }),
      service('unknown', { queues: waiting(null) }),
      service('without', {}),
    ]

    expect(waitingMessages(services)).toBe(42)
  })
})
