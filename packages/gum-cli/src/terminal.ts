import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'

/** What people see while they wait: one line on a terminal that is written again and again; nothing elsewhere. */
export interface Status {
  show(text: string): void
  clear(): void
}
export function statusOn(out: NodeJS.WriteStream): Status {
  if (!out.isTTY) return { show: () => undefined, clear: () => undefined }
  const erase = '\r\u001b[2K'
  return { show: text => void out.write(`${erase}${text}`), clear: () => void out.write(erase) }
}

/** Asks on a terminal; the answer is not shown. */
export function askSecret(question: string): Promise<string> {
  const mute = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: mute, terminal: true })
  process.stderr.write(question)
  return new Promise((resolve, reject) => {
    lines.once('SIGINT', () => {
      lines.close()
      process.stderr.write('\n')
      reject(new Error('interrupted'))
    })
    lines.question('', answer => {
      lines.close()
      process.stderr.write('\n')
      resolve(answer)
    })
  })
}

export function sizeOf(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`
}
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
