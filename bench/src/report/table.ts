/** A Markdown table, columns padded; the first column is text, the others are figures. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(3, title.length, ...rows.map(row => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => (column === 0 ? (cells[column] ?? '').padEnd(width) : (cells[column] ?? '').padStart(width))).join(' | ')} |`
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  return [line(head), rule, ...rows.map(line)].join('\n')
}

export function figure(value: number | undefined | null, digits = 1): string {
  return value === undefined || value === null || Number.isNaN(value)
    ? '–'
    : value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits })
}
export function withSpread({ median, min, max }: { median: number; min: number; max: number }, digits = 1): string {
  return `${figure(median, digits)} (${figure(min, digits)}–${figure(max, digits)})`
}
export function mebibytes(bytes: number | undefined): string {
  return figure(bytes === undefined ? undefined : bytes / 2 ** 20)
}
