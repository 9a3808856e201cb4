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
  // The earth is drawn three times side by side, so that a window may lie across the date line.
  const x = longitude + 540
  const y = Math.min(Math.max(landNorth - latitude, 4), height - 2)
  const left = x - reach
  const top = Math.min(Math.max(y - windowHeight * 0.6, 0), height - windowHeight)
  return (
    <svg
      className="locator-map"
      viewBox={`${left} ${top} ${2 * reach} ${windowHeight}`}
      role="img"
      aria-label={`Map with a pin at ${latitude.toFixed(4)}, ${longitude.toFixed(4)}`}
    >
      {[0, 360, 720]
        .filter(shift => shift < left + 2 * reach && shift + 360 > left)
        .map(shift => (
          <path key={shift} className="locator-land" d={dots} strokeWidth={landStep * 0.62} transform={`translate(${shift} 0)`} />
        ))}
      <path className="locator-lines" d={`M${x} ${top}v${windowHeight}M${left} ${y}h${2 * reach}`} />
      <circle className="locator-halo" cx={x} cy={y} r="5" />
      <path className="locator-pin" d={`M${x} ${y}c-2.6-3.4-4.2-5.6-4.2-7.9a4.2 4.2 0 0 1 8.4 0c0 2.3-1.6 4.5-4.2 7.9Z`} />
      <circle className="locator-eye" cx={x} cy={y - 7.9} r="1.5" />
    </svg>
  )
}
