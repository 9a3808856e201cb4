import type { Lab } from '../../src/index.ts'

export interface BotAnswer {
  status: number
  ok: boolean
  // biome-ignore lint/suspicious/noExplicitAny: results differ by method, and tests look at a member or two
  result: any
  error_code?: number
  description?: string
  parameters?: { retry_after?: number }
  headers: Headers
}

/** Calls the Bot API as a bot does. */
export function caller(lab: Lab, token: string) {
  const base = `${lab.telegram.url}/bot${token}`
  const read = async (answer: Response): Promise<BotAnswer> => ({
    status: answer.status,
    headers: answer.headers,
    ...((await answer.json()) as Omit<BotAnswer, 'status' | 'headers'>),
  })
  return {
    json: async (method: string, params: object = {}) =>
      read(await fetch(`${base}/${method}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(params) })),
    form: async (method: string, params: Record<string, string>) =>
      read(await fetch(`${base}/${method}`, { method: 'POST', body: new URLSearchParams(params) })),
    multipart: async (method: string, fields: Record<string, string>, files: Record<string, { bytes: Buffer; name: string; mime: string }>) => {
      const form = new FormData()
      for (const [name, value] of Object.entries(fields)) form.set(name, value)
      for (const [name, file] of Object.entries(files)) form.set(name, new File([new Uint8Array(file.bytes)], file.name, { type: file.mime }))
      return read(await fetch(`${base}/${method}`, { method: 'POST', body: form }))
    },
    file: (path: string) => fetch(`${lab.telegram.url}/file/bot${token}/${path}`),
  }
}
