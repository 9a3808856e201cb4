import type { OpenMedia } from '../contract/index.ts'

/** How large a GIF is drawn: two numbers at its beginning. Undefined when it is none. Ends the stream. https://www.w3.org/Graphics/GIF/spec-gif89a.txt */
export async function gifSize({ body }: OpenMedia): Promise<{ width: number; height: number } | undefined> {
  let head = Buffer.alloc(0)
  for await (const chunk of body) {
    head = Buffer.concat([head, chunk])
    if (head.length >= 10) break
  }
  const isGif = head.length >= 10 && /^GIF8[79]a$/.test(head.toString('latin1', 0, 6))
  return isGif ? { width: head.readUInt16LE(6), height: head.readUInt16LE(8) } : undefined
}
