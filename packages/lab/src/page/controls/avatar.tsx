import { colourOf, monogram } from '../samples/avatar.ts'

/** A picture of a guest or an account, or its monogram. The name stands beside it. */
export function Avatar({ name, imageUrl, small = false }: { name: string; imageUrl?: string | undefined; small?: boolean }) {
  const size = small ? 'avatar avatar-small' : 'avatar'
  if (imageUrl !== undefined) return <img className={size} src={imageUrl} alt="" width={small ? 24 : 32} height={small ? 24 : 32} />
  return (
    <span className={size} aria-hidden="true" style={{ backgroundColor: colourOf(name) }}>
      {monogram(name)}
    </span>
  )
}
