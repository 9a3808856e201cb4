import { execFileSync, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/**
 * A network of our own, with an address for each container: what a cluster or Docker has, for machines that have neither. It lives in
 * a network name space that nothing outside can see, and goes with this process.
 */
export interface VirtualNetwork {
  /** path of the name space that the container is to be put into */
  addContainer(...names: string[]): string
  addressOf(name: string): string
  /** what a Kubernetes service does: connections to the name's port reach the target */
  relay(name: string, port: number, target: { host: string; port: number }): Promise<void>
  /** gives the machine itself, as seen from containers, a name */
  nameMachine(name: string): string
  /** content of /etc/hosts for everybody */
  hosts(): string
  close(): void
}

/** True in the process that has the network for itself; otherwise such a process has been run, to its end. Needs root and iproute2. */
export function insideOwnNetwork(): boolean {
  if (process.env.UM_OWN_NETWORK === 'yes') return true
  const { status } = spawnSync('unshare', ['--net', '--mount', process.execPath, ...process.execArgv, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env: { ...process.env, UM_OWN_NETWORK: 'yes' },
  })
  process.exitCode = status ?? 1
  return false
}

export function openVirtualNetwork(): VirtualNetwork {
  const addresses = new Map<string, string>()
  const spaces: string[] = []
  const servers: Server[] = []
  const sockets = new Set<Socket>()
  let last = 1
  ip('link', 'set', 'lo', 'up')
  ip('link', 'add', 'um0', 'type', 'bridge')
  ip('addr', 'add', '10.222.0.1/16', 'dev', 'um0')
  ip('link', 'set', 'um0', 'up')

  const nextAddress = (): string => {
    last += 1
    return `10.222.${last >> 8}.${last & 255}`
  }
  const addressOf = (name: string): string => {
    const address = addresses.get(name)
    if (address === undefined) throw new Error(`nothing in this network is called ${name}`)
    return address
  }
  function ownAddress(name: string): string {
    const address = addresses.get(name) ?? nextAddress()
    if (!addresses.has(name)) ip('addr', 'add', `${address}/16`, 'dev', 'um0')
    addresses.set(name, address)
    return address
  }

  return {
    addressOf,
    addContainer: (...names) => {
      const address = nextAddress()
      const space = `um-${process.pid}-${last}`
      const [outer, inner] = [`um${last}`, `um${last}i`]
      ip('netns', 'add', space)
      spaces.push(space)
      ip('link', 'add', outer, 'type', 'veth', 'peer', 'name', inner, 'netns', space)
      ip('link', 'set', outer, 'master', 'um0')
      ip('link', 'set', outer, 'up')
      for (const words of [
        ['link', 'set', 'lo', 'up'],
        ['addr', 'add', `${address}/16`, 'dev', inner],
        ['link', 'set', inner, 'up'],
      ])
        ip('-n', space, ...words)
      for (const name of names) addresses.set(name, address)
      return `/run/netns/${space}`
    },
    relay: async (name, port, target) => {
      const server = createServer(client => {
        const upstream = connect(target)
        for (const [socket, other] of [
          [client, upstream],
          [upstream, client],
        ] as const) {
          sockets.add(socket)
          socket.pipe(other)
          socket.on('error', () => other.destroy())
          socket.on('close', () => sockets.delete(socket))
        }
      })
      server.listen(port, ownAddress(name))
      await once(server, 'listening')
      servers.push(server)
    },
    nameMachine: ownAddress,
    hosts: () => `127.0.0.1 localhost\n${[...addresses].map(([name, address]) => `${address} ${name}\n`).join('')}`,
    close: () => {
      for (const server of servers) server.close()
      for (const socket of sockets) socket.destroy()
      for (const space of spaces) ip('netns', 'del', space)
    },
  }
}

function ip(...words: string[]): void {
  execFileSync('ip', words, { stdio: ['ignore', 'ignore', 'inherit'] })
}
