/** Numbers, dates and durations as a language writes them. */
export interface Format {
  number(value: number): string
  bytes(value: number): string
  dateTime(iso: string): string
  time(iso: string): string
  /** to the millisecond, for journeys */
  exactTime(iso: string): string
  /** '5 minutes ago' */
  relative(iso: string, now: number): string
  /** '1 day, 2 hours'; at most two units */
  duration(seconds: number): string
  milliseconds(value: number): string
}

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const

export function createFormat(language: string): Format {
  const number = new Intl.NumberFormat(language)
  const dateTime = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' })
  const time = new Intl.DateTimeFormat(language, { timeStyle: 'medium' })
  const exact = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 })
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  const list = new Intl.ListFormat(language, { type: 'unit', style: 'short' })
  const amount = (value: number, unit: string, digits = 0) =>
    new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: digits }).format(value)

  return {
    number: value => number.format(value),
    bytes(value) {
      const step = value < 1024 ? 0 : value < 1024 ** 2 ? 1 : value < 1024 ** 3 ? 2 : 3
      const unit = ['byte', 'kilobyte', 'megabyte', 'gigabyte'][step] ?? 'byte'
      return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 }).format(value / 1024 ** step)
    },
    dateTime: iso => dateTime.format(new Date(iso)),
    time: iso => time.format(new Date(iso)),
    exactTime: iso => exact.format(new Date(iso)),
    relative(iso, now) {
      const seconds = Math.round((Date.parse(iso) - now) / 1000)
      const [unit, length] = units.find(([, each]) => Math.abs(seconds) >= each) ?? ['second', 1]
      return relative.format(Math.trunc(seconds / length), unit)
    },
    duration(seconds) {
      let rest = Math.round(seconds)
      const parts = units.flatMap(([unit, length]) => {
        const count = Math.floor(rest / length)
        rest -= count * length
        return count === 0 ? [] : [amount(count, unit)]
      })
      return parts.length === 0 ? amount(0, 'second') : list.format(parts.slice(0, 2))
    },
    milliseconds: value =>
      value < 1000 ? amount(value, 'millisecond') : value < 60_000 ? amount(value / 1000, 'second', 1) : amount(value / 60_000, 'minute', 1),
  }
}
