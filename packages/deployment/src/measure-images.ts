import { execFileSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { mountImage, type RunningContainer, runContainer } from './run-container.ts'

/**
 * Prints how large images are, how soon they live and are ready, and how much memory that takes: at full speed, inside the limits of
 * the chart's connectors, and with what an operator may give them instead. Each image is started as the chart starts it: under its
 * own user, without capabilities, on a read-only root file system.
 *
 *   REDIS_URL=redis://... RABBITMQ_URL=amqp://... node packages/deployment/src/measure-images.ts gum/api:1.0.14 ...
 *
 * Needs root, buildah (which has the images) and crun, and a Redis and a RabbitMQ on this machine, whose network is shared.
 */
interface Limits {
  readonly title: string
  readonly cpuMilli?: number
  readonly memoryMebibytes?: number
}

const limits: readonly Limits[] = [
  { title: 'no limit' },
  { title: '50m, 64Mi', cpuMilli: 50, memoryMebibytes: 64 },
  { title: '200m, 128Mi', cpuMilli: 200, memoryMebibytes: 128 },
]
const giveUpAfterMs = 120_000

async function measure(image: string): Promise<string> {
  const mounted = mountImage(image)
  try {
    const megabytes = Number(execFileSync('du', ['--summarize', '--bytes', mounted.root], { encoding: 'utf8' }).split('\t')[0]) / 1e6
    const cells: string[] = []
    for (const limit of limits) cells.push(await start(mounted, limit))
    return `| ${[image.replace(/^.*gum\//, '').replace(/:.*$/, ''), `${megabytes.toFixed(0)} MB`, ...cells].join(' | ')} |`
  } finally {
    mounted.dispose()
  }
}

async function start({ root, configuration, environment }: ReturnType<typeof mountImage>, limit: Limits): Promise<string> {
  const began = performance.now()
  const container = await runContainer({
    name: 'measured',
    ...{ root, isRootReadOnly: true, user: Number(configuration.User.split(':')[0]), words: configuration.Entrypoint },
    environment: { ...environment, ...settings() },
    ...{ cpuMilli: limit.cpuMilli, memoryMebibytes: limit.memoryMebibytes },
  })
  // What is no service has no such address, but a page: the Lab's.
  const isService = environment.HEALTH_URL !== ''
  const [live, ready] = isService ? ['http://127.0.0.1:32000/healthz/liveness', 'http://127.0.0.1:32000/healthz/readiness'] : [labUrl, labUrl]
  try {
    const lives = await seconds(began, container, live)
    const isReady = await seconds(began, container, ready)
    const peak = container.peakMebibytes()
    const stopped = await container.stop()
    if (stopped.code !== 0) throw new Error(`ended with ${stopped.code ?? stopped.signal} after SIGTERM`)
    return `${lives} / ${isReady} s${peak === undefined ? '' : `, ${peak.toFixed(0)} MiB`}`
  } catch (error) {
    await container.stop()
    return `failed: ${error instanceof Error ? error.message : String(error)}`
  }
}

const labUrl = 'http://127.0.0.1:8090/'

async function seconds(began: number, container: RunningContainer, url: string): Promise<string> {
  while (performance.now() - began < giveUpAfterMs) {
    if (!container.isRunning()) throw new Error(container.logs().trim().split('\n').at(-1))
    if (await answers(url)) return ((performance.now() - began) / 1000).toFixed(1)
    await sleep(50)
  }
  throw new Error(`no answer within ${giveUpAfterMs / 1000} s`)
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(5000) })).ok
  } catch {
    return false
  }
}

function settings(): Record<string, string> {
  const { REDIS_URL = '', RABBITMQ_URL = '' } = process.env
  const secrets = { SECRET_KEY: 'only-to-measure-the-start', INTERNAL_TOKEN: 'only-to-measure-the-start', ADMIN_PASSWORD: 'correct-horse-battery-staple' }
  return { ...secrets, REDIS_URL, RABBITMQ_URL, HOST: '127.0.0.1', PORT: '3000', HEALTH_PORT: '32000' }
}

console.log(`| Image | Size | ${limits.map(({ title }) => title).join(' | ')} |`)
for (const image of process.argv.slice(2)) console.log(await measure(image))
