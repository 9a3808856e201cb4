import { createHash } from 'node:crypto'
import type { Redis } from './client.ts'

/** A Lua script of which Redis is sent the text only when it does not know it: after its own restart. https://redis.io/docs/latest/commands/evalsha/ */
export class RedisScript {
  private readonly text: string
  private readonly sha: string
  constructor(text: string) {
    this.text = text
    this.sha = createHash('sha1').update(text).digest('hex')
  }

  async run(redis: Redis, keys: readonly string[], values: readonly (string | number)[]): Promise<unknown> {
    try {
      return await redis.evalsha(this.sha, keys.length, ...keys, ...values)
    } catch (error) {
      if (!isUnknownScript(error)) throw error
      return redis.eval(this.text, keys.length, ...keys, ...values)
    }
  }
}

function isUnknownScript(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'message' in error && String(error.message).startsWith('NOSCRIPT')
}
