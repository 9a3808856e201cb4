import { describe, expect, it } from '@jest/globals'
import type { PlatformCall } from '@um/shared/contract'
import { register, unregister } from '../src/integration.ts'
import { type Answer, contextOf, type FakeContext, integrationId, tenantOf } from './fakes.ts'

const open = '/api/v2/conversations/messaging/integrations/open'
const recipients = '/api/v2/routing/message/recipients'
const flowId = '8a1f0e52-7c1b-4f0a-9a55-0d3d2f8be700'
const otherFlowId = '8a1f0e52-7c1b-4f0a-9a55-0d3d2f8be701'
const never = async () => {
  throw new Error('it should not have to wait')
}

type Script = Record<string, Answer | ((call: PlatformCall) => Answer)>
/** Answers by "METHOD path"; a call that the script does not know is not found. */
function scripted(script: Script) {
  return (call: PlatformCall): Answer => {
    const answer = script[`${call.method} ${call.path}`]
    return typeof answer === 'function' ? answer(call) : (answer ?? { status: 404, body: { code: 'not.found' } })
  }
}
const nothingYet: Script = {
  [`GET ${open}`]: { body: { entities: [], pageCount: 0 } },
  [`POST ${open}`]: { body: { id: integrationId, name: 'UM-ACME', createStatus: 'Completed', recipient: { id: 'r-1' } } },
  'GET /api/v2/flows': {
    body: {
      entities: [
        { id: flowId, name: 'Main', type: 'INBOUNDSHORTMESSAGE' },
        { id: otherFlowId, name: 'Night' },
      ],
    },
  },
}
function routed(flow: string | undefined): Script {
  return {
    [`GET ${recipients}/r-1`]: {
      body: { id: 'r-1', name: 'UM-ACME', messengerType: 'open', ...(flow === undefined ? {} : { flow: { id: flow, name: 'Main' } }) },
    },
    [`PUT ${recipients}/r-1`]: { body: {} },
  }
}
function told(ctx: FakeContext): string[] {
  return ctx.calls.map(call => `${call.method} ${call.path}`)
}
const unknown = { state: {} }

describe('register', () => {
  it('makes an integration for a tenant that has none', async () => {
    const ctx = contextOf({
      tenant: tenantOf({ supportedContentId: 'profile-1', webhookHeaders: { 'X-Um-Pass': 'sesame' } }, unknown),
      platform: scripted(nothingYet),
    })

    const state = await register(ctx, never)

    expect(told(ctx)).toEqual([`GET ${open}`, `POST ${open}`, 'GET /api/v2/flows'])
    expect(ctx.calls[1]?.json).toEqual({
      name: 'UM-ACME',
      outboundNotificationWebhookUrl: 'https://um.acme.com/openmessaging',
      outboundNotificationWebhookSignatureSecretToken: 'kumo-7f3a9d52c1e84b60',
      webhookHeaders: { 'X-Um-Pass': 'sesame' },
      supportedContent: { id: 'profile-1' },
    })
    expect(state).toEqual({
      integrationId,
      recipientId: 'r-1',
      inboundFlowId: '',
      flows: JSON.stringify([
        { id: flowId, name: 'Main' },
        { id: otherFlowId, name: 'Night' },
      ]),
    })
  })
  it('uses the address that the tenant gives', async () => {
    const ctx = contextOf({ tenant: tenantOf({ webhookUrl: 'https://other.acme.com/openmessaging' }, unknown), platform: scripted(nothingYet) })

    await register(ctx, never)

    expect(ctx.calls[1]?.json).toMatchObject({ outboundNotificationWebhookUrl: 'https://other.acme.com/openmessaging' })
  })
  it('keeps the id before anything else can fail', async () => {
    const failing = {
      ...nothingYet,
      [`POST ${open}`]: { body: { id: integrationId, createStatus: 'Initiated' } },
      [`GET ${open}/${integrationId}`]: { status: 500 },
    }
    const ctx = contextOf({ tenant: tenantOf({}, unknown), platform: scripted(failing) })

    await expect(register(ctx, async () => {})).rejects.toMatchObject({ failure: { kind: 'retryable' } })

    expect(ctx.state.integrationId).toBe(integrationId)
  })
  it('refuses an address that Genesys Cloud would not call', async () => {
    const ctx = contextOf({ tenant: tenantOf({}, { webhookUrl: 'https://um.acme.com:8443/openmessaging' }) })

    await expect(register(ctx, never)).rejects.toMatchObject({ failure: { kind: 'subscription', why: expect.stringContaining('443') } })
    expect(ctx.calls).toEqual([])
  })
  it('brings a known integration up to date', async () => {
    const ctx = contextOf({ platform: scripted({ ...nothingYet, [`PATCH ${open}/${integrationId}`]: { body: { id: integrationId } } }) })

    const state = await register(ctx, never)

    expect(told(ctx)).toEqual([`PATCH ${open}/${integrationId}`, 'GET /api/v2/flows'])
    expect(ctx.calls[0]?.json).toMatchObject({ name: 'UM-ACME', webhookHeaders: {} })
    expect(state).toMatchObject({ integrationId, recipientId: integrationId })
  })
  it('makes a new one where the known one is gone', async () => {
    const ctx = contextOf({ tenant: tenantOf({}, { state: { integrationId: 'gone' } }), platform: scripted(nothingYet) })

    expect(await register(ctx, never)).toMatchObject({ integrationId })
    expect(told(ctx)).toEqual([`PATCH ${open}/gone`, `GET ${open}`, `POST ${open}`, 'GET /api/v2/flows'])
  })
  it('does not take another failure for gone', async () => {
    const ctx = contextOf({ platform: scripted({ ...nothingYet, [`PATCH ${open}/${integrationId}`]: { status: 403 } }) })

    await expect(register(ctx, never)).rejects.toMatchObject({ failure: { kind: 'subscription' } })
  })
  it('finds an integration of its name again, on whatever page, rather than making a twin', async () => {
    const page = (call: PlatformCall): Answer => ({
      body:
        call.query?.pageNumber === '1'
          ? { entities: [{ id: 'i-9', name: 'UM-ACME-2' }], pageCount: 2 }
          : { entities: [{ id: 'i-8', name: 'UM-ACME' }], pageCount: 2 },
    })
    const ctx = contextOf({
      tenant: tenantOf({}, unknown),
      platform: scripted({ ...nothingYet, [`GET ${open}`]: page, [`PATCH ${open}/i-8`]: { body: { id: 'i-8' } } }),
    })

    expect(await register(ctx, never)).toMatchObject({ integrationId: 'i-8' })
    expect(told(ctx)).toEqual([`GET ${open}`, `GET ${open}`, `PATCH ${open}/i-8`, 'GET /api/v2/flows'])
  })
  it('reads no page beyond the last one', async () => {
    const others = { [`GET ${open}`]: { body: { entities: [{ id: 'i-9', name: 'UM-ACME-2' }], pageCount: 1 } } }
    const ctx = contextOf({ tenant: tenantOf({}, unknown), platform: scripted({ ...nothingYet, ...others }) })

    await register(ctx, never)

    expect(told(ctx)).toEqual([`GET ${open}`, `POST ${open}`, 'GET /api/v2/flows'])
  })
  it('waits until Genesys Cloud has made it', async () => {
    let looks = 0
    const making = {
      ...nothingYet,
      [`POST ${open}`]: { body: { id: integrationId, createStatus: 'Initiated' } },
      [`GET ${open}/${integrationId}`]: () => {
        looks += 1
        return { body: { id: integrationId, createStatus: looks < 3 ? 'Initiated' : 'Completed', recipient: { id: 'r-1' } } }
      },
    }
    const pauses: number[] = []
    const ctx = contextOf({ tenant: tenantOf({}, unknown), platform: scripted(making) })

    const state = await register(ctx, async milliseconds => void pauses.push(milliseconds))

    expect(pauses).toEqual([2000, 2000, 2000])
    expect(state).toMatchObject({ recipientId: 'r-1' })
  })
  it('waits for a minute at most', async () => {
    const pauses: number[] = []
    const making = {
      ...nothingYet,
      [`POST ${open}`]: { body: { id: integrationId, createStatus: 'Initiated' } },
      [`GET ${open}/${integrationId}`]: { body: { id: integrationId, createStatus: 'Initiated' } },
    }
    const ctx = contextOf({ tenant: tenantOf({}, unknown), platform: scripted(making) })

    await expect(register(ctx, async milliseconds => void pauses.push(milliseconds))).rejects.toMatchObject({ failure: { kind: 'retryable' } })
    expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBe(60_000)
  })
  it('says why an integration could not be made, and removes it', async () => {
    const failing = {
      ...nothingYet,
      [`POST ${open}`]: { body: { id: integrationId, createStatus: 'Error', createError: { message: 'the name is taken' } } },
      [`DELETE ${open}/${integrationId}`]: { status: 204 },
    }
    const ctx = contextOf({ tenant: tenantOf({}, unknown), platform: scripted(failing) })

    await expect(register(ctx, never)).rejects.toMatchObject({ failure: { kind: 'subscription', why: expect.stringContaining('the name is taken') } })
    expect(told(ctx)).toContain(`DELETE ${open}/${integrationId}`)
    expect(ctx.state.integrationId).toBe('')
  })
})

describe('the inbound message flow', () => {
  const withFlow = tenantOf({ inboundFlowId: flowId }, unknown)

  it('is assigned', async () => {
    const ctx = contextOf({ tenant: withFlow, platform: scripted({ ...nothingYet, ...routed(otherFlowId) }) })

    const state = await register(ctx, never)

    expect(ctx.calls.at(-1)).toMatchObject({
      method: 'PUT',
      path: `${recipients}/r-1`,
      json: { id: 'r-1', name: 'UM-ACME', messengerType: 'open', flow: { id: flowId, name: 'Main' } },
    })
    expect(state).toMatchObject({ inboundFlowId: flowId })
  })
  it('is left alone where it is assigned already', async () => {
    const ctx = contextOf({ tenant: withFlow, platform: scripted({ ...nothingYet, ...routed(flowId) }) })

    await register(ctx, never)

    expect(told(ctx)).not.toContain(`PUT ${recipients}/r-1`)
  })
  it('is cleared where we had assigned it, and only there', async () => {
    const state = { integrationId, recipientId: 'r-1', inboundFlowId: flowId }
    const platform = scripted({
      ...nothingYet,
      ...routed(flowId),
      [`PATCH ${open}/${integrationId}`]: { body: { id: integrationId, recipient: { id: 'r-1' } } },
    })
    const ours = contextOf({ tenant: tenantOf({}, { state }), platform })
    const theirs = contextOf({ tenant: tenantOf({}, { state: { integrationId } }), platform })

    await register(ours, never)
    await register(theirs, never)

    expect(ours.calls.at(-1)?.json).toEqual({ id: 'r-1', name: 'UM-ACME', messengerType: 'open' })
    expect(told(theirs)).not.toContain(`PUT ${recipients}/r-1`)
  })
  it('is read again after a conflict, once', async () => {
    let puts = 0
    const busy = (conflicts: number): Script => ({
      ...nothingYet,
      ...routed(undefined),
      [`PUT ${recipients}/r-1`]: () => {
        puts += 1
        return puts <= conflicts ? { status: 409 } : { body: {} }
      },
    })

    await register(contextOf({ tenant: withFlow, platform: scripted(busy(1)) }), never)
    expect(puts).toBe(2)

    puts = 0
    await expect(register(contextOf({ tenant: withFlow, platform: scripted(busy(9)) }), never)).rejects.toMatchObject({ failure: { kind: 'retryable' } })
    expect(puts).toBe(2)
  })
  it('is assigned by its identifier where the role may not list flows', async () => {
    const ctx = contextOf({ tenant: withFlow, platform: scripted({ ...nothingYet, ...routed(undefined), 'GET /api/v2/flows': { status: 403 } }) })

    expect(await register(ctx, never)).toMatchObject({ flows: '[]' })
    expect(ctx.calls.at(-1)).toMatchObject({ method: 'PUT', json: { flow: { id: flowId } } })
    expect(ctx.logged).toEqual(['inbound message flows cannot be listed'])
  })
})

describe('unregister', () => {
  const state = { integrationId, recipientId: 'r-1' }

  it('deletes the integration', async () => {
    const ctx = contextOf({ tenant: tenantOf({}, { state }), platform: scripted({ [`DELETE ${open}/${integrationId}`]: { status: 204 } }) })

    await unregister(ctx)

    expect(told(ctx)).toEqual([`DELETE ${open}/${integrationId}`])
  })
  it('takes "already gone" for done', async () => {
    await expect(unregister(contextOf({ tenant: tenantOf({}, { state }), platform: scripted({}) }))).resolves.toBeUndefined()
  })
  it('has nothing to do for a tenant without an integration', async () => {
    const ctx = contextOf({ tenant: tenantOf({}, unknown), platform: scripted({}) })

    await unregister(ctx)

    expect(ctx.calls).toEqual([])
  })
  it.each([400, 409])('clears the flow of an integration that is still routed (%i)', async status => {
    let cleared = false
    const ctx = contextOf({
      tenant: tenantOf({}, { state }),
      platform: scripted({
        ...routed(flowId),
        [`PUT ${recipients}/r-1`]: () => {
          cleared = true
          return { body: {} }
        },
        [`DELETE ${open}/${integrationId}`]: () => ({ status: cleared ? 204 : status }),
      }),
    })

    await unregister(ctx)

    expect(told(ctx)).toEqual([`DELETE ${open}/${integrationId}`, `GET ${recipients}/r-1`, `PUT ${recipients}/r-1`, `DELETE ${open}/${integrationId}`])
  })
  it('says so when the integration stays in use', async () => {
    const ctx = contextOf({ tenant: tenantOf({}, { state }), platform: scripted({ ...routed(flowId), [`DELETE ${open}/${integrationId}`]: { status: 409 } }) })

    await expect(unregister(ctx)).rejects.toMatchObject({ failure: { kind: 'subscription' } })
  })
})
