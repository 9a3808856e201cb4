import type { ReactNode } from 'react'
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { useText } from '../i18n/i18n.tsx'
import { IconButton } from './button.tsx'

interface DialogProps {
  title: string
  /** absent: it cannot be closed without an answer */
  onClose?: () => void
  wide?: boolean
  /** alertdialog: something is about to end */
  role?: 'dialog' | 'alertdialog'
  children: ReactNode
}

/** Open while it is rendered. */
export function Dialog({ title, onClose, wide = false, role = 'dialog', children }: DialogProps) {
  const t = useText()
  return (
    <ModalOverlay
      className="overlay"
      isOpen
      isDismissable={onClose !== undefined && role === 'dialog'}
      isKeyboardDismissDisabled={onClose === undefined}
      onOpenChange={open => {
        if (!open) onClose?.()
      }}
    >
      <Modal className={wide ? 'modal modal-wide' : 'modal'}>
        <AriaDialog className="dialog" role={role}>
          <header className="dialog-head">
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            {onClose && <IconButton icon="cross" label={t('common.close')} onClick={onClose} />}
          </header>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}

export function DialogButtons({ children }: { children: ReactNode }) {
  return <footer className="dialog-end">{children}</footer>
}
