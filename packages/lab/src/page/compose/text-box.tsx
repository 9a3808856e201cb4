import { type KeyboardEvent, type ReactNode, type RefObject, useLayoutEffect, useRef } from 'react'
import { IconButton } from '../controls/button.tsx'

const maxHeight = 128

/** Where a message is written: grows with its text, Enter sends, Shift and Enter begins a new line. */
export function TextBox({
  label,
  placeholder,
  text,
  onText,
  onSend,
  canSend,
  disabled = false,
  onFiles,
  before,
  box,
}: {
  label: string
  placeholder: string
  text: string
  onText: (text: string) => void
  onSend: () => void
  canSend: boolean
  disabled?: boolean
  /** pasted from the clipboard */
  onFiles: (files: File[]) => void
  before: ReactNode
  /** for those who want to put the focus there */
  box?: RefObject<HTMLTextAreaElement | null>
}) {
  const own = useRef<HTMLTextAreaElement>(null)
  const area = box ?? own

  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is what makes it grow
  useLayoutEffect(() => {
    const element = area.current
    if (element === null) return
    element.style.height = 'auto'
    element.style.height = `${Math.min(element.scrollHeight, maxHeight)}px`
    element.style.overflowY = element.scrollHeight > maxHeight ? 'auto' : 'hidden'
  }, [text, area])

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>): void {
    // While a word is being composed (Japanese, Korean, Chinese), Enter chooses it.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    if (canSend) onSend()
  }

  return (
    <div className="text-box">
      {before}
      <textarea
        ref={area}
        className="text-box-area"
        rows={1}
        dir="auto"
        aria-label={label}
        placeholder={placeholder}
        value={text}
        disabled={disabled}
        onChange={event => onText(event.target.value)}
        onKeyDown={onKeyDown}
        onPaste={event => {
          const files = [...event.clipboardData.files]
          if (files.length === 0) return
          event.preventDefault()
          onFiles(files)
        }}
      />
      <IconButton icon="send" label="Send" look="primary" disabled={!canSend} onClick={onSend} />
    </div>
  )
}
