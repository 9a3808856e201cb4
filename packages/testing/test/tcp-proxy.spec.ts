import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { eventually } from '../src/eventually.ts'
import { startTcpProxy, type TcpProxy } from '../src/tcp-proxy.ts'

let server: Server
let accepted: Socket[]
let proxy: TcpProxy

beforeEach(async () => {
  accepted = []
  server = createServer(socket => {
    accepted.push(socket)
    socket.on('error', () => undefined)
    socket.on('data', bytes => socket.write(bytes))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  proxy = await startTcpProxy({ port: typeof address === 'object' && address !== null ? address.port : 0 })
})
afterEach(async () => {
  await proxy.stop()
  for (const socket of accepted) socket.destroy()
  server.close()
})

interface Client {
  socket: Socket
  received(): string
  errors: string[]
}
async function client(): Promise<Client> {
  const socket = connect({ port: proxy.port, host: '127.0.0.1', noDelay: true })
  const chunks: Buffer[] = []
  const errors: string[] = []
  socket.on('data', chunk => chunks.push(chunk))
  socket.on('error', error => errors.push('code' in error ? String(error.code) : error.message))
  await once(socket, 'connect')
  return { socket, received: () => Buffer.concat(chunks).toString(), errors }
}
async function talk(one: Client, word: string): Promise<void> {
  one.socket.write(word)
  await eventually(() => one.received().endsWith(word))
}
async function connectError(): Promise<string> {
  const socket = connect({ port: proxy.port, host: '127.0.0.1' })
  return await new Promise(resolve => {
    socket.once('connect', () => {
      socket.destroy()
      resolve('connected')
    })
    socket.once('error', error => resolve('code' in error ? String(error.code) : error.message))
  })
}

describe('a TCP proxy', () => {
  it('passes bytes both ways and the end of a connection', async () => {
    const guest = await client()
    await talk(guest, 'hello')

    guest.socket.end()
    await once(guest.socket, 'close')

    expect(guest.received()).toBe('hello')
    expect(guest.errors).toEqual([])
    await eventually(() => expect(proxy.connections()).toBe(0))
  })

  it('resets both sides when it is cut, and lets new connections through', async () => {
    const guest = await client()
    await talk(guest, 'a')
    const serverError = once(accepted[0] ?? server, 'error')

    proxy.cut()

    await eventually(() => expect(guest.errors).toEqual(['ECONNRESET']))
    expect((await serverError)[0]).toMatchObject({ code: 'ECONNRESET' })
    await talk(await client(), 'b')
  })

  it('cuts also a connection that one side has ended already', async () => {
    const halfOpen = createServer({ allowHalfOpen: true }, socket => accepted.push(socket)).listen(0, '127.0.0.1')
    await once(halfOpen, 'listening')
    const address = halfOpen.address()
    const other = await startTcpProxy({ port: typeof address === 'object' && address !== null ? address.port : 0 })
    const socket = connect({ port: other.port, host: '127.0.0.1', allowHalfOpen: true }).on('error', () => undefined)
    await once(socket, 'connect')
    await eventually(() => expect(accepted).toHaveLength(1))
    accepted[0]?.on('error', () => undefined).resume()
    socket.end('bye')
    await once(accepted[0] ?? halfOpen, 'end')

    other.cut()

    await eventually(() => expect(socket.closed).toBe(true))
    await eventually(() => {
      // a side that reads no more finds out when it writes
      accepted[0]?.write('still there?')
      expect(accepted[0]?.closed).toBe(true)
    })
    await other.stop()
    halfOpen.close()
  })

  it('refuses new connections and keeps the old ones until it is restored', async () => {
    const guest = await client()
    await talk(guest, 'a')

    await proxy.refuse()

    expect(await connectError()).toBe('ECONNREFUSED')
    await talk(guest, 'b')
    await proxy.restore()
    expect(await connectError()).toBe('connected')
    await talk(guest, 'c')
  })

  it('is down and up again on the same port', async () => {
    const guest = await client()

    await proxy.down()
    await eventually(() => expect(guest.errors).toEqual(['ECONNRESET']))
    const during = await connectError()
    await proxy.restore()

    expect(during).toBe('ECONNREFUSED')
    await talk(await client(), 'again')
  })

  it('swallows in a black hole without closing, and gives it all when it is restored', async () => {
    const guest = await client()
    await talk(guest, 'a')

    proxy.blackHole()
    guest.socket.write('b')
    const stranger = await client()
    stranger.socket.write('c')
    await new Promise(resolve => setTimeout(resolve, 60))

    expect(guest.received()).toBe('a')
    expect(stranger.received()).toBe('')
    expect(guest.errors).toEqual([])
    await proxy.restore()
    await eventually(() => expect(guest.received()).toBe('ab'))
    await eventually(() => expect(stranger.received()).toBe('c'))
  })

  it('delays each direction by its own time, without holding the next bytes back for longer', async () => {
    const guest = await client()
    await talk(guest, '.')
    proxy.delay({ toServerMs: 150, toClientMs: 100 })

    const startedAt = performance.now()
    for (const letter of 'abcde') {
      guest.socket.write(letter)
      await new Promise(resolve => setTimeout(resolve, 10))
    }
    await eventually(() => guest.received() === '.abcde', { everyMs: 1 })

    const tookMs = performance.now() - startedAt
    expect(tookMs).toBeGreaterThanOrEqual(288)
    // one after the other, five delays would take 850 ms
    expect(tookMs).toBeLessThan(800)
  })

  it('throttles to the given rate and changes no byte', async () => {
    const guest = await client()
    const payload = Buffer.from(Array.from({ length: 60_000 }, (_, index) => index % 251))
    proxy.throttle({ toServerBytesPerSecond: 200_000 })

    const startedAt = performance.now()
    guest.socket.write(payload)
    await eventually(() => guest.received().length >= payload.toString().length, { everyMs: 5 })

    expect(performance.now() - startedAt).toBeGreaterThan(240)
    expect(guest.received()).toBe(payload.toString())
  })

  it('feels like the target when the target refuses', async () => {
    server.close()

    const guest = await client()

    await eventually(() => expect(guest.errors).toEqual(['ECONNRESET']))
  })

  it('puts itself into the URL of the target', () => {
    const url = proxy.url('amqp://guest:pass@127.0.0.1:5672/vhost')

    expect(url).toBe(`amqp://guest:pass@127.0.0.1:${proxy.port}/vhost`)
  })
})
