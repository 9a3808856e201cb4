/** 12:03:04 UTC; with its day when that is not today. */
export function clock(at: number, now: number): string {
  const text = new Date(at).toISOString()
  const today = new Date(now).toISOString().slice(0, 10)
  return `${text.startsWith(today) ? '' : `${text.slice(0, 10)} `}${text.slice(11, 19)} UTC`
}

/** 12 ms, 1.4 s, 20 s, 2 min 5 s, 3 h 4 min: what is enough to compare. */
export function duration(milliseconds: number): string {
  const whole = Math.max(0, Math.round(milliseconds))
  if (whole < 1000) return `${whole} ms`
  if (whole < 9950) return `${Math.round(whole / 100) / 10} s`
  const seconds = Math.round(whole / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`
  return minutes % 60 === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
