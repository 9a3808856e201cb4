import { Switch as AriaSwitch } from 'react-aria-components'

export function Switch({ on, onChange, children, describedBy }: { on: boolean; onChange(on: boolean): void; children: string; describedBy?: string }) {
  return (
    <AriaSwitch className="switch" isSelected={on} onChange={onChange} {...(describedBy === undefined ? {} : { 'aria-describedby': describedBy })}>
      <span className="switch-track" aria-hidden="true">
        <span className="switch-knob" />
      </span>
      {children}
    </AriaSwitch>
  )
}
