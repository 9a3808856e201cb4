/** A monogram: logos belong to others. */
export function PlatformIcon({ label }: { label: string }) {
  const words = label
    .replace(/\(.*?\)/g, '')
    .trim()
    .split(/\s+/)
  const letters = words.length > 1 ? `${words[0]?.[0] ?? ''}${words[1]?.[0] ?? ''}` : label.slice(0, 2)
  return (
    <span className="platform-icon" aria-hidden="true">
      {letters.toUpperCase()}
    </span>
  )
}
