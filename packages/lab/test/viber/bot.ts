import type { Lab } from '../../src/index.ts'

/** The business side: calls the simulated Viber as a connector would. */
export async function ask(
  lab: Lab,
  token: string | undefined,
  operation: string,
  json: unknown = {},
): Promise<{ http: number; raw: string; json: Record<string, unknown> }> {
  const answer = await fetch(`${lab.side('viber').url}/pa/${operation}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token === undefined ? {} : { 'X-Viber-Auth-Token': token }) },
    body: JSON.stringify(json),
  })
  const raw = await answer.text()
  return { http: answer.status, raw, json: raw.startsWith('{') ? (JSON.parse(raw) as Record<string, unknown>) : {} }
}
