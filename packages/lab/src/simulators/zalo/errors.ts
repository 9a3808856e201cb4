import type { ApiAnswer } from '../../kit/messenger/index.ts'

/** Zalo says no with HTTP 200. https://developers.zalo.me/docs/official-account/phu-luc/ma-loi */
export class ZaloError extends Error {
  readonly answer: ApiAnswer
  constructor(error: number, message: string) {
    super(message)
    this.answer = { status: 200, json: { error, message }, why: `${error} ${message}` }
  }
}
/** The token end point has words of its own. */
export function tokenError(error: number, error_name: string): ApiAnswer {
  return { status: 200, json: { error, error_name, error_description: error_name }, why: `${error} ${error_name}` }
}

export async function said(work: () => object | Promise<object>): Promise<ApiAnswer> {
  try {
    return { status: 200, json: { error: 0, message: 'Success', data: await work() } }
  } catch (error) {
    if (error instanceof ZaloError) return error.answer
    throw error
  }
}
