import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, connect, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'

export interface Printed {
  /** home and working directory of the commands */
  readonly folder: string
  /** runs a command as it is printed, in bash */
  run(command: string): Promise<{ code: number; out: string; err: string }>
  stop(): Promise<void>
}

/**
 * A shell in which commands of a manual work as they are printed: every host name in it leads to `target`, over TLS with a certificate that the shell's programs
 * trust (curl by its configuration, others through a proxy of the environment).
 */
export async function startPrinted(options: {
  target: URL
  hosts: readonly string[]
  programs: Readonly<Record<string, readonly string[]>>
}): Promise<Printed> {
  const folder = mkdtempSync(join(tmpdir(), 'um-printed-'))
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const names = `subjectAltName=${options.hosts.map(host => `DNS:${host}`).join(',')}`
  const subject = ['-nodes', '-days', '2', '-subj', '/CN=um-printed', '-addext', names]
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-keyout', keyFile, '-out', certFile, ...subject], {
    stdio: 'ignore',
  })
  const sockets = new Set<Socket>()
  const bridge = (from: Socket, port: number, host: string): void => {
    const to = connect(port, host)
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const) {
      sockets.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => sockets.delete(one))
      one.pipe(other)
    }
  }
  const front = createTlsServer({ key: readFileSync(keyFile), cert: readFileSync(certFile) }, socket =>
    bridge(socket, Number(options.target.port), options.target.hostname),
  )
  const frontPort = await listen(front)
  const proxy = createHttpServer()
  proxy.on('connect', (_req, socket: Socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n')
    bridge(socket, frontPort, '127.0.0.1')
  })
  const proxyPort = await listen(proxy)

  writeFileSync(join(folder, '.curlrc'), `silent\nconnect-to = "::127.0.0.1:${frontPort}"\ncacert = "${certFile}"\n`)
  mkdirSync(join(folder, 'bin'))
  for (const [name, command] of Object.entries(options.programs)) {
    const file = join(folder, 'bin', name)
    writeFileSync(file, `#!/bin/sh\nexec ${command.map(part => `'${part}'`).join(' ')} "$@"\n`)
    chmodSync(file, 0o755)
  }
  const env = {
    PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
    HOME: folder,
    CURL_HOME: folder,
    NODE_EXTRA_CA_CERTS: certFile,
    HTTPS_PROXY: `http://127.0.0.1:${proxyPort}`,
    // curl has its own way, and must not take this one
    NO_PROXY: 'www.acme.org',
  }
  return {
    folder,
    run: command =>
      new Promise((resolve, reject) => {
        const child = spawn('bash', ['-o', 'pipefail', '-c', command], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
        const texts = { out: '', err: '' }
        child.stdout.on('data', chunk => {
          texts.out += chunk
        })
        child.stderr.on('data', chunk => {
          texts.err += chunk
        })
        child.on('error', reject)
        child.on('close', code => resolve({ code: code ?? -1, ...texts }))
      }),
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      proxy.closeAllConnections()
      await Promise.all([front, proxy].map(server => new Promise(resolve => server.close(resolve))))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
