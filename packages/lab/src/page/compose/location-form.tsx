import { useState } from 'react'
import { Button } from '../controls/button.tsx'
import { SelectField, TextField } from '../controls/field.tsx'
import { LocatorMap } from '../message/locator-map.tsx'
import { type Place, samplePlaces } from '../samples/places.ts'

/** `title` and `address` are empty for a bare position. */
export function LocationForm({ onSend, canName }: { onSend: (place: Place) => void; canName: boolean }) {
  const [place, setPlace] = useState<Place>(samplePlaces[0])
  const [named, setNamed] = useState(canName)
  const valid = Math.abs(place.latitude) <= 90 && Math.abs(place.longitude) <= 180
  return (
    <div className="form">
      <div className="form-pair">
        <SelectField
          label="Place"
          value={samplePlaces.some(known => known.title === place.title) ? place.title : ''}
          onChange={event => {
            const known = samplePlaces.find(one => one.title === event.target.value)
            if (known !== undefined) setPlace(known)
          }}
        >
          <option value="">Another place</option>
          {samplePlaces.map(one => (
            <option key={one.title} value={one.title}>
              {one.title}
            </option>
          ))}
        </SelectField>
        {canName && (
          <SelectField label="Send as" value={named ? 'named' : 'bare'} onChange={event => setNamed(event.target.value === 'named')}>
            <option value="named">Place with a name</option>
            <option value="bare">Position only</option>
          </SelectField>
        )}
      </div>
      <LocatorMap latitude={valid ? place.latitude : 0} longitude={valid ? place.longitude : 0} />
      <div className="form-pair">
        <TextField
          label="Latitude"
          type="number"
          step="any"
          min={-90}
          max={90}
          value={place.latitude}
          onChange={event => setPlace({ ...place, title: 'A place', address: 'Chosen in the Lab', latitude: Number(event.target.value) })}
        />
        <TextField
          label="Longitude"
          type="number"
          step="any"
          min={-180}
          max={180}
          value={place.longitude}
          onChange={event => setPlace({ ...place, title: 'A place', address: 'Chosen in the Lab', longitude: Number(event.target.value) })}
        />
      </div>
      <div className="form-end">
        <Button look="primary" icon="send" disabled={!valid} onClick={() => onSend(named ? place : { ...place, title: '', address: '' })}>
          Send location
        </Button>
      </div>
    </div>
  )
}
