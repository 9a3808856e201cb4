import { describe, expect, it } from '@jest/globals'
import { readLabEnvironment } from '../src/environment.ts'

describe('readLabEnvironment', () => {
  it('needs nothing', () => {
    expect(readLabEnvironment({})).toMatchObject({
      port: 8090,
      host: '127.0.0.1',
      genesysRequestsPerMinute: 300,
      simulatorPorts: undefined,
      gatewayUrl: undefined,
    })
  })

  it('gives the simulators neighbouring ports', () => {
    expect(readLabEnvironment({ SIM_PORTS_BASE: '9100' }).simulatorPorts).toMatchObject({ genesys: 9101, s3: 9102, platforms: { telegram: { port: 9100 } } })
  })

  it('takes empty variables for absent ones, and the slash from the gateway’s address', () => {
    expect(readLabEnvironment({ LAB_PORT: '', GATEWAY_URL: 'http://127.0.0.1:8080/' })).toMatchObject({ port: 8090, gatewayUrl: 'http://127.0.0.1:8080' })
  })

  it('names each variable that is wrong', () => {
    expect(() => readLabEnvironment({ LAB_PORT: 'x', GATEWAY_URL: 'nowhere' })).toThrow(/LAB_PORT: .*\nGATEWAY_URL: /)
  })
})
