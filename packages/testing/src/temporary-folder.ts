import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, unlinkSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { isAlive } from './process.ts'

export interface Folder {
  readonly path: string
  /** removes it, unless it was given by the caller */
  remove(): void
}

/** `given`, which stays, or a new folder. What a process could not remove, because it was killed, is removed by the next one that comes here. */
export function temporaryFolder(purpose: string, given?: string): Folder {
  if (given !== undefined) {
    mkdirSync(given, { recursive: true, mode: 0o700 })
    return { path: given, remove: () => undefined }
  }
  const place = sharedPlace('data', entry => Number.parseInt(entry, 10))
  const path = mkdtempSync(join(place, `${process.pid}-${purpose}-`))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

const swept = new Set<string>()

/** A folder that all processes of this user share. On the first visit, entries are removed whose owner (a process id) is dead. */
export function sharedPlace(name: string, ownerOf: (entry: string, place: string) => number): string {
  const place = join(tmpdir(), `um-${userInfo().username}`, name)
  if (swept.has(place)) return place
  mkdirSync(place, { recursive: true, mode: 0o700 })
  for (const entry of readdirSync(place)) {
    if (!isAlive(ownerOf(entry, place))) removeEntry(join(place, entry))
  }
  swept.add(place)
  return place
}

/** `rmSync` leaves symbolic links alone that lead nowhere. */
function removeEntry(path: string): void {
  try {
    if (lstatSync(path).isSymbolicLink()) unlinkSync(path)
    else rmSync(path, { recursive: true, force: true })
  } catch {
    // somebody else was faster
  }
}
