import type { S3Client } from '@aws-sdk/client-s3'
import type { StorageContext } from '@um/shared/contract'
import { agentsFor } from '@um/shared/storage'
import type { Settings } from './urls.ts'

type Sdk = typeof import('./sdk.ts')
export interface Bucket {
  readonly sdk: Sdk
  readonly client: S3Client
}

/** One client, with its connections, as long as a storage's settings and the proxy stay the same. */
const clients = new WeakMap<Settings, { proxy: string | undefined; client: S3Client }>()

export async function openBucket(settings: Settings, { proxy }: Pick<StorageContext, 'proxy'>): Promise<Bucket> {
  const sdk = await import('./sdk.ts')
  const known = clients.get(settings)
  if (known !== undefined && known.proxy === proxy) return { sdk, client: known.client }
  const client = createClient(sdk, settings, proxy)
  clients.set(settings, { proxy, client })
  return { sdk, client }
}

/** No retries here: a stream that was read once cannot be sent again, so the sender repeats the whole upload. */
function createClient(sdk: Sdk, settings: Settings, proxy: string | undefined): S3Client {
  const { accessKeyId, secretAccessKey, region, apiUrl, forcePathStyle } = settings
  return new sdk.S3Client({
    region,
    credentials: { accessKeyId, secretAccessKey },
    ...(apiUrl === undefined ? {} : { endpoint: apiUrl, forcePathStyle }),
    // the default wraps streams in the framing of trailing checksums, which not every S3 storage unwraps
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 1,
    // without one it writes to the console; what it has to say is in the errors, too
    logger: silent,
    requestHandler: {
      connectionTimeout: 5_000,
      socketTimeout: 60_000,
      ...(proxy === undefined ? ownAgents : agentsFor(apiUrl ?? `https://s3.${region}.amazonaws.com`, proxy)),
    },
  })
}

const silent = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore }
function ignore(): void {}

/** Idle connections are closed before S3 does it, so that no upload starts on one that is just ending. */
const agentOptions = { keepAlive: true, maxSockets: 64, timeout: 4_000, scheduling: 'lifo' } as const
const ownAgents = { httpAgent: agentOptions, httpsAgent: agentOptions }
