import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { provide } from '@um/testing'

/** Wall clocks of single processes, which can be moved while they run. */
export interface Clocks {
  environment(service: string): Record<string, string>
  move(service: string, offsetSeconds: number): void
}

/** By libfaketime, where it is to be had (Debian's package `faketime`); otherwise undefined, and said so. */
export async function provideClocks(folder: string, tell: (line: string) => void): Promise<Clocks | undefined> {
  const library = await findLibrary()
  if (library === undefined) {
    tell('clocks cannot be moved here: libfaketime is missing (Debian package "faketime")')
    return undefined
  }
  const fileOf = (service: string): string => join(folder, `clock-${service}`)
  const move = (service: string, offsetSeconds: number): void => writeFileSync(fileOf(service), `${offsetSeconds < 0 ? '' : '+'}${offsetSeconds}\n`)
  return {
    environment: service => {
      move(service, 0)
      return {
        LD_PRELOAD: library,
        FAKETIME_TIMESTAMP_FILE: fileOf(service),
        // the file is read again at most once a second
        FAKETIME_CACHE_DURATION: '1',
        // as on a real machine, only the wall clock jumps; timers do not
        FAKETIME_DONT_FAKE_MONOTONIC: '1',
        DONT_FAKE_MONOTONIC: '1',
      }
    },
    move,
  }
}

async function findLibrary(): Promise<string | undefined> {
  if (process.platform !== 'linux') return undefined
  try {
    await provide('faketime')
  } catch {
    return undefined
  }
  const root = '/usr/lib'
  return ['', ...readdirSync(root)].map(folder => join(root, folder, 'faketime/libfaketime.so.1')).find(path => existsSync(path))
}
