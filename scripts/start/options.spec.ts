import { describe, expect, it } from '@jest/globals'
import { readOptions, strongPassword } from './options.ts'

describe('the options of npm start', () => {
  it('has the Lab and no wishes by default', () => {
    expect(readOptions([], {})).toEqual({
      host: '127.0.0.1',
      port: undefined,
      labPort: undefined,
      withLab: true,
      keep: false,
      services: undefined,
      replicas: {},
      adminPassword: undefined,
      env: {},
    })
  })

  it('takes ports, password and what services may know from the environment, and nothing else', () => {
    const read = readOptions(['--no-lab', '--replicas', 'telegram-connector=3', '--replicas=api=2', '--services', 'api,telegram-connector'], {
      PORT: '9000',
      ADMIN_PASSWORD: 'pw',
      LOG_LEVEL: 'DEBUG',
      HOME: '/root',
    })

    expect(read).toMatchObject({
      withLab: false,
      port: 9000,
      adminPassword: 'pw',
      replicas: { 'telegram-connector': 3, api: 2 },
      services: ['api', 'telegram-connector'],
      env: { LOG_LEVEL: 'DEBUG' },
    })
  })

  it('says what is wrong', () => {
    expect(() => readOptions([], { PORT: '80a' })).toThrow('PORT="80a" is not a port number')
    expect(() => readOptions(['--replicas', 'telegram-connector'], {})).toThrow('telegram-connector=3')
    expect(() => readOptions(['--no-such'], {})).toThrow('no-such')
  })

  it('makes passwords that differ and are long enough for a strict check', () => {
    const made = new Set(Array.from({ length: 50 }, strongPassword))

    expect(made.size).toBe(50)
    for (const password of made) expect(password).toMatch(/^([b-z][aeiou][b-z][aeiou][b-z]-){4}\d\d$/)
  })
})
