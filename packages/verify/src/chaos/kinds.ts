/** What a run can break. */
export const chaosKinds = ['kill', 'cut', 'slow', 'platform', 'duplicates', 'reorder', 'clock', 'disk'] as const
export type ChaosKind = (typeof chaosKinds)[number]

/** Those that the Lab alone can do, to a fleet whose processes are out of reach. */
export const labChaosKinds = ['platform', 'duplicates', 'reorder'] as const satisfies readonly ChaosKind[]
