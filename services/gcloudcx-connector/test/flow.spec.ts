import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'

describe('the sample inbound message flow', () => {
  const flow = parse(readFileSync(new URL('../assets/universal-messaging-inbound-message-flow.yaml', import.meta.url), 'utf8'))
  const [{ state }] = flow.inboundShortMessage.states

  it('starts where it says', () => {
    expect(flow.inboundShortMessage.startUpRef).toBe(`/inboundShortMessage/states/state[${state.refId}]`)
  })
  it('reads the platform under both of its names, into variables that it has', () => {
    const read = state.actions[0].getParticipantData.attributes.map((each: { attribute: { name: { lit: string }; variable: string } }) => each.attribute)
    const variables = state.variables.map((each: { stringVariable: { name: string } }) => each.stringVariable.name)

    expect(read.map((attribute: { name: { lit: string } }) => attribute.name.lit)).toEqual(['media', 'context.media'])
    expect(variables).toEqual(read.map((attribute: { variable: string }) => attribute.variable))
  })
  it('leads to a queue, and ends', () => {
    expect(state.actions.map((action: object) => Object.keys(action)[0])).toEqual(['getParticipantData', 'transferToAcd', 'disconnect'])
  })
})
