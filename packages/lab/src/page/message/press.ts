import type { Button } from '../../protocol.ts'

/** What the guest pressed; absent at the desk, where offers are only shown. */
export type OnPress = (button: Button) => void
