import type { HomePageTag } from '@um/shared/contract'

/** Which connector has a tag for the home page of the host, and at which path. */
export interface KnownHomePageTag extends HomePageTag {
  readonly connector: string
  readonly path: `/${string}`
}

/** From the definitions, by "pnpm generate". In a file of its own, since the definitions with all their settings take megabytes that the web site has better use for. */
export const homePageTags: readonly KnownHomePageTag[] = [
  { connector: 'zalo', path: '/zalo', name: 'zalo-platform-site-verification', file: 'zalo_verifier*.html' },
]
