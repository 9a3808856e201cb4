import type { AnchorHTMLAttributes, ReactNode } from 'react'
import { useApp } from '../app-context.tsx'
import { useText } from '../i18n/i18n.tsx'
import { Icon } from './icon.tsx'

interface LinkProps extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> {
  to: string
  children: ReactNode
}

/** To another place of the page. What opens a new tab is left to the browser. */
export function Link({ to, children, onClick, ...rest }: LinkProps) {
  const { router } = useApp()
  return (
    <a
      {...rest}
      href={to}
      onClick={event => {
        onClick?.(event)
        if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
        event.preventDefault()
        router.go(to)
      }}
    >
      {children}
    </a>
  )
}

/** To another host: in a tab of its own, which learns nothing of us. */
export function ExternalLink({ href, children }: { href: string; children: ReactNode }) {
  const t = useText()
  return (
    <a className="external-link" href={href} target="_blank" rel="noopener noreferrer">
      {children}
      <Icon name="external" small />
      <span className="visually-hidden">{t('common.newTab')}</span>
    </a>
  )
}
