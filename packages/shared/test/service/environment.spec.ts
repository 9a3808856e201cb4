import { hostname } from 'node:os'
import { describe, expect, it } from '@jest/globals'
import { readEnvironment } from '../../src/service/environment.ts'

const needed = { SECRET_KEY: 'a-secret-of-the-tests-0123456789', INTERNAL_TOKEN: 'an-internal-token-of-the-tests' }
const read = (variables: Record<string, string> = {}) => readEnvironment({ ...needed, ...variables })

describe('the environment', () => {
  it('has defaults for all but the secrets', () => {
    const environment = read()

    expect(environment).toMatchObject({
      host: '0.0.0.0',
      port: 3000,
      healthPort: 32_000,
      redisUrl: 'redis://localhost:6379',
      rabbitUrl: 'amqp://user:@localhost:5672/%2F',
      internalToken: 'an-internal-token-of-the-tests',
      publicUrl: 'http://localhost',
      logLevel: 'INFO',
      logFlushMilliseconds: 1000,
      deployment: 'local',
      replica: hostname(),
      allowedPrivateHosts: [],
      adminUser: 'admin',
      adminPassword: undefined,
      notifierAllowAnyHost: false,
    })
    expect(environment.serviceUrl('aws-provider')).toBe('http://aws-provider')
    expect(environment.keys.seal).toHaveLength(32)
  })

  it('takes an empty variable for one that is not set', () => {
    expect(read({ PORT: '', REDIS_URL: '', ADMIN_PASSWORD: '', LOG_LEVEL: '' })).toMatchObject({
      port: 3000,
      redisUrl: 'redis://localhost:6379',
      adminPassword: undefined,
      logLevel: 'INFO',
    })
  })

  it('puts addresses together from their parts, whatever is in a password', () => {
    expect(read({ REDIS_HOST: 'redis', REDIS_PORT: '6380', REDIS_PASSWORD: 'p@ss/w:rd' }).redisUrl).toBe('redis://:p%40ss%2Fw%3Ard@redis:6380')
    expect(read({ RABBITMQ_HOST: 'rabbit', RABBITMQ_USER: 'u/1', RABBITMQ_PASSWORD: 'p@ss', RABBITMQ_VHOST: 'gum/a' }).rabbitUrl).toBe(
      'amqp://u%2F1:p%40ss@rabbit:5672/gum%2Fa',
    )
  })

  it('prefers a whole address', () => {
    expect(read({ REDIS_URL: 'redis://r:1', REDIS_HOST: 'x', RABBITMQ_URL: 'amqps://q', RABBITMQ_HOST: 'x' })).toMatchObject({
      redisUrl: 'redis://r:1',
      rabbitUrl: 'amqps://q',
    })
  })

  it('finds services by the template, and by their own address', () => {
    const { serviceUrl } = read({
      SERVICE_URL_TEMPLATE: 'http://prod-{service}/',
      SERVICE_URLS: ' aws-provider=http://127.0.0.1:3001/ , box-provider=http://box?a=b',
    })

    expect(serviceUrl('line-connector')).toBe('http://prod-line-connector')
    expect(serviceUrl('aws-provider')).toBe('http://127.0.0.1:3001')
    expect(serviceUrl('box-provider')).toBe('http://box?a=b')
  })

  it.each([
    ['immediate', 0],
    ['500ms', 500],
    ['5s', 5000],
    ['2m', 120_000],
  ])('flushes the log %s', (text, milliseconds) => {
    expect(read({ LOG_FLUSH_FREQUENCY: text }).logFlushMilliseconds).toBe(milliseconds)
  })

  it('reads the rest in its own form', () => {
    expect(
      read({
        PUBLIC_URL: 'https://www.acme.org//',
        LOG_LEVEL: 'debug',
        POD_NAME: 'pod-1',
        DEPLOYMENT: 'prod',
        ALLOWED_PRIVATE_HOSTS: 'minio, 10.0.0.0/8 ,',
        NOTIFIER_ALLOW_ANY_HOST: 'true',
        JOURNEY_BODIES: 'true',
      }),
    ).toMatchObject({
      publicUrl: 'https://www.acme.org',
      logLevel: 'DEBUG',
      replica: 'pod-1',
      deployment: 'prod',
      allowedPrivateHosts: ['minio', '10.0.0.0/8'],
      notifierAllowAnyHost: true,
      journeyBodies: true,
    })
  })

  it('tells no words of messages unless it is told to', () => {
    expect(read({}).journeyBodies).toBe(false)
  })

  it.each([
    ['PORT', 'x'],
    ['PORT', '65536'],
    ['HEALTH_PORT', '-1'],
    ['REDIS_PORT', '1.5'],
    ['LOG_LEVEL', 'LOUD'],
    ['LOG_FLUSH_FREQUENCY', '5'],
    ['LOG_FLUSH_FREQUENCY', '1h'],
    ['NOTIFIER_ALLOW_ANY_HOST', 'perhaps'],
    ['JOURNEY_BODIES', 'perhaps'],
    ['SECRET_KEY', '15-characters--'],
    ['INTERNAL_TOKEN', 'short'],
    ['SERVICE_URLS', 'http://127.0.0.1:3001'],
  ])('is refused by name: %s=%s', (name, value) => {
    expect(() => read({ [name]: value })).toThrow(new RegExp(`^${name}: `))
  })

  it('names all that is wrong at once, a line each', () => {
    const lines = () => readEnvironment({ PORT: 'x', LOG_LEVEL: 'LOUD' })

    expect(lines).toThrow(/^PORT: .*\nSECRET_KEY: .*\nINTERNAL_TOKEN: .*\nLOG_LEVEL: .*$/)
  })

  it('shows no secret when it is refused', () => {
    expect(() => read({ SECRET_KEY: 'hunter22', PORT: 'x' })).toThrow(expect.objectContaining({ message: expect.not.stringContaining('hunter22') }))
  })
})
