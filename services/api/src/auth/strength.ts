import type { FieldError } from '@um/shared/errors'

export const requiredScore = 3

/**
 * Why a password is too weak, as field errors; none when it is strong enough. `related` are words that it must not be built from (the user's name).
 * zxcvbn's dictionaries take 10 MiB and more, so that they are loaded only when a password is chosen.
 */
export async function passwordWeaknesses(password: string, related: readonly string[], pointer: string): Promise<FieldError[]> {
  const { default: zxcvbn } = await import('zxcvbn')
  // its work grows faster than the length; what is strong after 100 characters was strong before
  const { score, feedback } = zxcvbn(password.slice(0, 100), [...related, 'universal', 'messaging'])
  if (score >= requiredScore) return []
  return [
    { pointer, detail: `is too easy to guess (strength ${score} of 4, at least ${requiredScore} is needed)` },
    ...[feedback.warning, ...feedback.suggestions].filter(text => text !== '').map(detail => ({ pointer, detail })),
  ]
}
