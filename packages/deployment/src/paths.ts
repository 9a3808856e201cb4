import { join } from 'node:path'

/** Where things are in the repository. */
export const repository = join(import.meta.dirname, '..', '..', '..')
export const chart = join(repository, 'charts', 'universal-messaging')
export const scenarios = join(chart, 'ci')
export const goldens = join(scenarios, 'golden')
