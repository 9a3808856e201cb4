/** How the API shows a secret that is stored; sent back, it stays as it is. */
export const storedSecret = '***'
export function isStoredSecret(value: unknown): boolean {
  return value === storedSecret
}

/** A copy of settings that can be given to somebody, or kept outside of the API: secrets that were typed are left out. */
export function withoutSecrets(document: unknown, isSecretPlace: (pointer: string) => boolean, at = ''): unknown {
  if (isSecretPlace(at)) return undefined
  if (Array.isArray(document)) return document.map((item, index) => withoutSecrets(item, isSecretPlace, `${at}/${index}`))
  if (typeof document !== 'object' || document === null) return document
  return Object.fromEntries(
    Object.entries(document).flatMap(([name, value]) => {
      const kept = withoutSecrets(value, isSecretPlace, `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`)
      return kept === undefined ? [] : [[name, kept]]
    }),
  )
}
