import { landCells, landNorth, landSouth, landStep } from './land.ts'

const dots = landCells()
  .map(cell => `M${cell.longitude + 180} ${landNorth - cell.latitude}h.01`)
  .join('')

/** Half of the window's width in degrees: near enough to tell the region, far enough to know the continent. */
const reach = 62
const windowHeight = 68

/** A static picture of where on earth a place is, drawn from dots, so that no map server learns of it. */
export function LocatorMap({ latitude, longitude }: { latitude: number; longitude: number }) {
  const height = landNorth - landSouth
  const x = longitude + 180
  const y = Math.min(Math.max(landNorth - latitude, 4), height - 2)
  const left = Math.min(Math.max(x - reach, 0), 360 - 2 * reach)
  const top = Math.min(Math.max(y - windowHeight * 0.6, 0), height - windowHeight)
  return (
    <svg
      className="locator-map"
      viewBox={`${left} ${top} ${2 * reach} ${windowHeight}`}
      role="img"
      aria-label={`Map with a pin at ${latitude.toFixed(4)}, ${longitude.toFixed(4)}`}
    >
      <path className="locator-land" d={dots} strokeWidth={landStep * 0.62} />
      <path className="locator-lines" d={`M${x} ${top}v${windowHeight}M${left} ${y}h${2 * reach}`} />
      <circle className="locator-halo" cx={x} cy={y} r="5" />
      <path className="locator-pin" d={`M${x} ${y}c-2.6-3.4-4.2-5.6-4.2-7.9a4.2 4.2 0 0 1 8.4 0c0 2.3-1.6 4.5-4.2 7.9Z`} />
      <circle className="locator-eye" cx={x} cy={y - 7.9} r="1.5" />
    </svg>
  )
}
