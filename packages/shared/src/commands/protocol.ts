import { z } from 'zod'
import { seal, unseal } from '../settings/index.ts'

/** What is sealed in a command and in its answer. Their context holds the command's id, so that neither can be replayed as another. */
const SealedCommand = z.object({ name: z.string(), input: z.unknown() })
const SealedAnswer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done'), result: z.unknown() }),
  /** the service does not know this command */
  z.object({ kind: z.literal('unknown') }),
  z.object({ kind: z.literal('failed') }),
])
export type SealedCommand = z.infer<typeof SealedCommand>
export type SealedAnswer = z.infer<typeof SealedAnswer>

const commandContext = (id: string) => `command/${id}`
const answerContext = (id: string) => `answer/${id}`

export function sealCommand(command: SealedCommand, key: Buffer, id: string): string {
  return seal(command, key, commandContext(id))
}
/** Throws when it was sealed with another key, for another id, or is no command. */
export function unsealCommand(sealed: string, key: Buffer, id: string): SealedCommand {
  return SealedCommand.parse(unseal(sealed, key, commandContext(id)))
}
export function sealAnswer(answer: SealedAnswer, key: Buffer, id: string): string {
  return seal(answer, key, answerContext(id))
}
export function unsealAnswer(sealed: string, key: Buffer, id: string): SealedAnswer {
  return SealedAnswer.parse(unseal(sealed, key, answerContext(id)))
}
