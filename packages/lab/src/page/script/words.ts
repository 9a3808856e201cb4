import type { ScriptStep } from './scripts.ts'

/** A step in the list of what will happen. */
export function stepInWords(step: ScriptStep): string {
  if ('say' in step) return step.say
  if ('words' in step) return step.words
  if ('sends' in step) return step.sends === 'voice' ? 'a voice message' : `a ${step.sends}`.replace('a audio', 'an audio file')
  if ('presses' in step) return 'presses a button'
  return step.waits === 'desk' ? 'until it is at the desk' : 'until it is on the phone'
}
