export interface Strength {
  /** 0 to 4; 3 is enough */
  score: 0 | 1 | 2 | 3 | 4
  /** zxcvbn's own English sentences */
  warning: string
  suggestions: readonly string[]
}
export const requiredScore = 3

/** The dictionaries weigh more than the rest of the page: they come when a password is chosen. */
export async function measureStrength(password: string, user: string): Promise<Strength> {
  const { default: zxcvbn } = await import('zxcvbn')
  const { score, feedback } = zxcvbn(password.slice(0, 100), [user, 'universal', 'messaging'])
  return { score, warning: feedback.warning ?? '', suggestions: feedback.suggestions }
}
