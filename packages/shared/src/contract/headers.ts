/** Headers by name, in any case: `null` when there is none, several of one name joined. The platform's own `Headers` fits. */
export interface HeaderFields {
  get(name: string): string | null
  has(name: string): boolean
}

/**
 * Headers as they came. Not the global `Headers`: the first of those makes Node load everything around `fetch`, which costs a service 8 MiB and, with a twentieth of a core, two
 * seconds of its start.
 */
export class HeaderList implements HeaderFields {
  private readonly values = new Map<string, string>()

  append(name: string, value: string): void {
    const key = name.toLowerCase()
    const before = this.values.get(key)
    // https://www.rfc-editor.org/rfc/rfc9110#section-5.3, and of cookies https://www.rfc-editor.org/rfc/rfc9113#section-8.2.3
    this.values.set(key, before === undefined ? value : `${before}${key === 'cookie' ? '; ' : ', '}${value}`)
  }
  get(name: string): string | null {
    return this.values.get(name.toLowerCase()) ?? null
  }
  has(name: string): boolean {
    return this.values.has(name.toLowerCase())
  }
}
