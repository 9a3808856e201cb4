import { useState } from 'react'
import type { ListSectionView, TimeSlotView } from '../../protocol.ts'
import { Button } from '../controls/button.tsx'
import { inOrder } from '../controls/in-order.ts'
import type { OnPress } from './press.ts'

export function ListPicker({ sections, onPress }: { sections: ListSectionView[]; onPress?: OnPress | undefined }) {
  return (
    <div className="list-picker">
      {inOrder(sections).map(({ key, item: section }) => (
        <ListSection key={key} section={section} onPress={onPress} />
      ))}
    </div>
  )
}

function ListSection({ section, onPress }: { section: ListSectionView; onPress?: OnPress | undefined }) {
  const [chosen, setChosen] = useState<readonly string[]>([])
  const press = (id: string, title: string) => onPress?.({ id, title, action: 'reply' })
  const choose = (id: string, title: string) => {
    if (!section.multiple) press(id, title)
    else setChosen(chosen.includes(id) ? chosen.filter(other => other !== id) : [...chosen, id])
  }
  return (
    <fieldset className="list-section">
      <legend>{section.title ?? (section.multiple ? 'Choose any' : 'Choose one')}</legend>
      {section.items.map(item => {
        const text = (
          <>
            {section.multiple && <span className={chosen.includes(item.id) ? 'list-mark list-mark-on' : 'list-mark'} aria-hidden="true" />}
            {item.imageUrl !== undefined && <img src={item.imageUrl} alt="" width={32} height={32} />}
            <span className="list-item-text">
              <span>{item.title}</span>
              {item.description !== undefined && <small>{item.description}</small>}
            </span>
          </>
        )
        if (onPress === undefined) {
          return (
            <div key={item.id} className="list-item">
              {text}
            </div>
          )
        }
        return (
          <button
            key={item.id}
            type="button"
            className="list-item"
            {...(section.multiple ? { 'aria-pressed': chosen.includes(item.id) } : {})}
            onClick={() => choose(item.id, item.title)}
          >
            {text}
          </button>
        )
      })}
      {section.multiple && onPress !== undefined && (
        <Button
          look="primary"
          disabled={chosen.length === 0}
          onClick={() => {
            for (const item of section.items) if (chosen.includes(item.id)) press(item.id, item.title)
            setChosen([])
          }}
        >
          {chosen.length === 0 ? 'Choose' : `Choose ${chosen.length}`}
        </Button>
      )}
    </fieldset>
  )
}

const day = new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric', month: 'short' })
const hour = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })

export function TimePicker({ slots, onPress }: { slots: TimeSlotView[]; onPress?: OnPress | undefined }) {
  const days = Map.groupBy(slots, slot => day.format(Date.parse(slot.at)))
  return (
    <div className="time-picker">
      {[...days].map(([name, ofDay]) => (
        <fieldset key={name} className="time-day">
          <legend>{name}</legend>
          {ofDay.map(slot => {
            const text = slotInWords(slot)
            if (onPress === undefined) {
              return (
                <span key={slot.id} className="offer-button offer-button-shown">
                  {text}
                </span>
              )
            }
            return (
              <button key={slot.id} type="button" className="offer-button" onClick={() => onPress({ id: slot.id, title: text, action: 'reply' })}>
                {text}
              </button>
            )
          })}
        </fieldset>
      ))}
    </div>
  )
}

function slotInWords({ at, durationSeconds = 0 }: TimeSlotView): string {
  const begin = Date.parse(at)
  return durationSeconds === 0 ? hour.format(begin) : hour.formatRange(begin, begin + durationSeconds * 1_000)
}
