/** The parts of s3rver 3.7.1 that the Lab uses; the package has no types of its own. */
declare module 's3rver' {
  import type { RequestListener } from 'node:http'

  export default class S3rver {
    constructor(options: { silent: boolean; directory: string; vhostBuckets: boolean; configureBuckets: { name: string }[] })
    readonly logger: { close(): void }
    configureBuckets(): Promise<unknown>
    callback(): RequestListener
  }
}

declare module 's3rver/lib/models/account.js' {
  const account: { DUMMY_ACCOUNT: { createKeyPair(accessKeyId: string, secretAccessKey: string): void } }
  export default account
}
