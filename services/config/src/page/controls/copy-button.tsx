import { useEffect, useState } from 'react'
import { useText } from '../i18n/i18n.tsx'
import { Icon } from './icon.tsx'

/** Copies with one click, and says for a moment that it did. `label`: what is copied; `children`: shown instead of the icon alone. */
export function CopyButton({ text, label, withWord = false }: { text: string; label: string; withWord?: boolean }) {
  const t = useText()
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 2000)
    return () => clearTimeout(timer)
  }, [copied])
  const name = t('common.copy', { what: label })
  return (
    <>
      <button
        type="button"
        className={withWord ? 'button button-quiet' : 'icon-button'}
        title={name}
        {...(withWord ? {} : { 'aria-label': name })}
        onClick={() => void copyText(text).then(setCopied)}
      >
        <Icon name={copied ? 'check' : 'copy'} small />
        {withWord && name}
      </button>
      <span className="visually-hidden" role="status">
        {copied ? t('common.copied') : ''}
      </span>
    </>
  )
}

/** Pages without https have no clipboard of the newer kind. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const box = document.createElement('textarea')
    box.value = text
    box.className = 'visually-hidden'
    document.body.append(box)
    box.select()
    const done = document.execCommand('copy')
    box.remove()
    return done
  }
}
