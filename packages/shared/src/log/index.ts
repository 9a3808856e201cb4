export { createLogger, type Logger } from './logger.ts'
export { redactText } from './redact.ts'
