import type { ApiClient } from './client.ts'

/** A document of a platform, as the platform's console takes it: character for character, whatever its media type is. */
export async function readDocument(api: Pick<ApiClient, 'open'>, platform: string, name: string, signal: AbortSignal): Promise<string> {
  const answer = await api.open(`/platforms/${encodeURIComponent(platform)}/documents/${encodeURIComponent(name)}`, signal)
  return answer.text()
}
