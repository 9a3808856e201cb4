import { useState } from 'react'
import { colourOf, monogram } from '../samples/avatar.ts'

/** A picture of a guest or an account, or its monogram: also when the picture lies where this page may not look. The name stands beside it. */
export function Avatar({ name, imageUrl }: { name: string; imageUrl?: string | undefined }) {
  const [broken, setBroken] = useState<string>()
  if (imageUrl !== undefined && imageUrl !== broken) {
    return <img className="avatar" src={imageUrl} alt="" width={32} height={32} onError={() => setBroken(imageUrl)} />
  }
  return (
    <span className="avatar" aria-hidden="true" style={{ backgroundColor: colourOf(name) }}>
      {monogram(name)}
    </span>
  )
}
