import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from './paths.ts'

/** How Node runs in a container: see the comments in the file itself. */
export interface Runtime {
  readonly heapPercent: number
  readonly v8Flags: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly usualMemoryMebibytes: readonly number[]
}

export const runtime = JSON.parse(readFileSync(join(repository, 'docker/runtime.json'), 'utf8')) as Runtime

/** Node's arguments in a container, whose memory limit Node finds by itself. */
export function flagsInContainer(): string[] {
  return [`--max-old-space-size-percentage=${runtime.heapPercent}`, ...runtime.v8Flags]
}

/** The same for a process that no container limits. */
export function flagsFor(memoryMebibytes: number): string[] {
  return [`--max-old-space-size=${Math.floor((memoryMebibytes * runtime.heapPercent) / 100)}`, ...runtime.v8Flags]
}
