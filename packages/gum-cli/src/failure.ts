/** How the program ends; scripts tell failures apart by it. */
export const exitCodes = {
  /** the API, or the machine, could not do it */
  failed: 1,
  /** the command line or the configuration file is wrong */
  usage: 2,
  /** the API does not take user and password */
  refused: 3,
  /** the API cannot be reached */
  unreachable: 4,
  /** the file is no whole backup, or the passphrase is wrong */
  backup: 5,
} as const

/** An expected end of the program: one line for people, and the exit code. Holds no secret. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly exitCode: number
  constructor(kind: keyof typeof exitCodes, message: string, cause?: unknown) {
    super(message, { cause })
    this.exitCode = exitCodes[kind]
  }
}
