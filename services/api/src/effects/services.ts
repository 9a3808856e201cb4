import { CommandFailed } from '@um/shared/commands'
import { ApiError } from '@um/shared/errors'

/** Turns what became of a command into an answer: the service is not there, or is too old. Other errors stay what they are. */
export function translateCommandFailure(error: unknown): unknown {
  if (!(error instanceof CommandFailed)) return error
  const { service, reason } = error
  const headers = { 'Retry-After': '5' }
  switch (reason) {
    case 'notInstalled':
      return new ApiError('unavailable', `The service ${service} is not installed.`, { cause: error })
    case 'unanswered':
      return new ApiError('unavailable', `The service ${service} did not answer in time. Is it running?`, { cause: error, headers })
    case 'unknown':
      return new ApiError('unavailable', `The service ${service} has another version, which cannot do this.`, { cause: error })
    case 'failed':
      return new ApiError('unavailable', `The service ${service} could not do it; its log says why.`, { cause: error, headers })
  }
}
