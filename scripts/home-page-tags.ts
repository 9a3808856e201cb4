import type { Definition } from '@um/shared/contract'

const head = `import type { HomePageTag } from '@um/shared/contract'

/** Which connector has a tag for the home page of the host, and at which path. */
export interface KnownHomePageTag extends HomePageTag {
  readonly connector: string
  readonly path: \`/\${string}\`
}

/** From the definitions, by "pnpm generate". In a file of its own, since the definitions with all their settings take megabytes that the web site has better use for. */
export const homePageTags: readonly KnownHomePageTag[] = [
`

/** The text of packages/catalog/src/home-page-tags.ts. */
export function homePageTags(definitions: readonly Definition[]): string {
  const lines = definitions.flatMap(({ id, ingress, homePageTags: tags = [] }) =>
    ingress === undefined ? [] : tags.map(({ name, file }) => entry({ connector: id, path: ingress, name, file })),
  )
  return `${head}${lines.join('')}]\n`
}

function entry(members: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(members).filter(([, value]) => value !== undefined)
  return `  { ${given.map(([key, value]) => `${key}: '${value}'`).join(', ')} },\n`
}
