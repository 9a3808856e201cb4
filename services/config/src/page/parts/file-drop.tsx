import { useRef, useState } from 'react'
import { Button } from '../controls/button.tsx'
import { Icon } from '../controls/icon.tsx'
import { useText } from '../i18n/i18n.tsx'

interface FileDropProps {
  title: string
  text: string
  accept: string
  /** what is wrong with the file, in words; undefined: it has been taken */
  onText(text: string): string | undefined
}
/** A key is a few kilobytes. */
const maxBytes = 256 * 1024

/** A file of credentials: dropped here, or chosen. It is read here and goes nowhere by itself. */
export function FileDrop({ title, text, accept, onText }: FileDropProps) {
  const t = useText()
  const input = useRef<HTMLInputElement>(null)
  const [isOver, setOver] = useState(false)
  const [outcome, setOutcome] = useState<{ name: string; wrong: string | undefined }>()

  async function take(file: File | undefined): Promise<void> {
    if (file === undefined) return
    const wrong = file.size > maxBytes ? t('part.fileTooLarge') : onText(await file.text())
    setOutcome({ name: file.name, wrong })
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is one way more; the button inside does the same
    <div
      className={isOver ? 'drop drop-over' : 'drop'}
      onDragOver={event => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={event => {
        event.preventDefault()
        setOver(false)
        void take(event.dataTransfer.files[0])
      }}
    >
      <Icon name="file" />
      <div className="drop-text">
        <p className="drop-title">{title}</p>
        <p className="soft">{text}</p>
        <p role="status" className={outcome?.wrong === undefined ? 'drop-good' : 'drop-wrong'}>
          {outcome === undefined ? '' : (outcome.wrong ?? t('part.fileTaken', { name: outcome.name }))}
        </p>
      </div>
      <input
        ref={input}
        type="file"
        accept={accept}
        className="visually-hidden"
        tabIndex={-1}
        aria-label={title}
        onChange={event => {
          void take(event.target.files?.[0])
          event.target.value = ''
        }}
      />
      <Button icon="upload" onClick={() => input.current?.click()}>
        {t('part.chooseFile')}
      </Button>
    </div>
  )
}
