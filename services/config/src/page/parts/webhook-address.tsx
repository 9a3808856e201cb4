import { CopyButton } from '../controls/copy-button.tsx'
import { useText } from '../i18n/i18n.tsx'
import type { PartProps } from './registry.tsx'

/** Where the platform calls this installation. Most connectors register it by themselves; some consoles want it pasted. */
export function WebhookAddress({ platform, status }: PartProps) {
  const t = useText()
  const address = status?.webhookUrl ?? platform?.webhookUrl
  if (!address) return null
  return <CopyLine label={t('part.webhook')} text={address} help={t('part.webhookHelp')} />
}

export function CopyLine({ label, text, help }: { label: string; text: string; help?: string }) {
  return (
    <div className="field">
      <span className="field-label">{label}</span>
      <span className="copy-line">
        <code>{text}</code>
        <CopyButton text={text} label={label} />
      </span>
      {help && <p className="field-help">{help}</p>}
    </div>
  )
}
