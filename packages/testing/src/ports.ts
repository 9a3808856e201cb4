import { readlinkSync, symlinkSync, unlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { isAlive } from './process.ts'
import { sharedPlace } from './temporary-folder.ts'

/** Below the range from which the kernel takes the ports of outgoing connections, so that none of those can sit on a port that we gave away. */
const lowest = 20_000
const highest = 31_999

/**
 * A port on 127.0.0.1 on which nothing listens. It stays reserved for this process until it ends, also against other processes that ask here: a server may
 * be stopped and started again on the same port while other test files start theirs.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 500; attempt++) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest + 1))
    if (!reserve(port)) continue
    if (await isFree(port)) return port
  }
  throw new Error(`no free port between ${lowest} and ${highest}`)
}

/** Can something listen there now? */
export function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(false) : reject(error)))
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)))
  })
}

/** A symbolic link named as the port that points to our process id: made in one step, and only by one. */
function reserve(port: number): boolean {
  const place = sharedPlace('ports', ownerOf)
  if (claim(join(place, String(port)))) return true
  if (isAlive(ownerOf(String(port), place))) return false
  unlink(join(place, String(port)))
  return claim(join(place, String(port)))
}
function claim(link: string): boolean {
  try {
    symlinkSync(String(process.pid), link)
    return true
  } catch (error) {
    if (isTaken(error)) return false
    throw error
  }
}

function unlink(link: string): void {
  try {
    unlinkSync(link)
  } catch {
    // somebody else was faster
  }
}

function isTaken(error: unknown): boolean {
  // not `instanceof Error`: under Jest the file system's errors are of another realm
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EEXIST'
}

/** NaN, which is nobody, when the link has just gone */
function ownerOf(port: string, place: string): number {
  try {
    return Number(readlinkSync(join(place, port)))
  } catch {
    return Number.NaN
  }
}
