import type { SettingsType } from '../api/types.ts'
import { SchemaForm } from '../forms/schema-form.tsx'
import { DialogflowAgent } from './downloads.tsx'
import { GoogleKeyDrop } from './google-credentials.tsx'

/** A commander: the agent to import into Dialogflow, the key of its project, and its settings. */
export function CommanderForm({ type, root }: { type: SettingsType; root: string }) {
  return (
    <>
      <DialogflowAgent />
      <GoogleKeyDrop schema={type.settings} root={root} />
      <SchemaForm scope="commander" schema={type.settings} root={root} />
    </>
  )
}
