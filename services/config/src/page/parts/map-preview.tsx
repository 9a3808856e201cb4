import { useState } from 'react'
import { Button } from '../controls/button.tsx'
import { useForm } from '../forms/form-context.tsx'
import { joinPointer, valueAt } from '../forms/pointer.ts'
import { isStoredSecret } from '../forms/secrets.ts'
import { useText } from '../i18n/i18n.tsx'
import type { PartProps } from './registry.tsx'
import { staticMapAddress } from './static-map.ts'

/**
 * A map as agents will see it, in a tab of its own: this page loads nothing from other hosts. It needs the key as it is being typed; a stored one is
 * known to the API only.
 */
export function MapPreview({ root }: PartProps) {
  const t = useText()
  const form = useForm()
  const [isRefused, setRefused] = useState(false)
  const read = (name: string) => valueAt(form.document, joinPointer(root, name))
  const text = (name: string) => {
    const value = read(name)
    return typeof value === 'string' && value !== '' && !isStoredSecret(value) ? value : undefined
  }
  const number = (name: string, fallback: number) => {
    const value = read(name)
    return typeof value === 'number' ? value : fallback
  }
  const key = text('googleMapsKey')

  async function open(apiKey: string): Promise<void> {
    setRefused(false)
    try {
      const address = await staticMapAddress({
        url: text('googleMapsUrl') ?? 'https://maps.googleapis.com',
        key: apiKey,
        secret: text('googleMapsSecret'),
        language: text('googleMapsLanguage'),
        width: number('googleMapsWidth', 400),
        height: number('googleMapsHeight', 300),
        zoom: number('googleMapsZoom', 15),
      })
      window.open(address, '_blank', 'noopener,noreferrer')
    } catch {
      setRefused(true)
    }
  }
  return (
    <div className="part part-download">
      <div>
        <h3>{t('part.map')}</h3>
        <p className="soft">{t(key === undefined ? 'part.mapNeedsKey' : 'part.mapText')}</p>
        <p role="status" className="drop-wrong">
          {isRefused ? t('part.mapWrong') : ''}
        </p>
      </div>
      <Button icon="external" disabled={key === undefined} onClick={() => key !== undefined && void open(key)}>
        {t('part.mapOpen')}
      </Button>
    </div>
  )
}
