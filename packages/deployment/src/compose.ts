import type { ChartService } from './chart-values.ts'

/** docker/compose.yaml: the services that the chart deploys by default, on one machine, behind a gateway with the same paths. */
export function composeFile(services: readonly ChartService[], version: string): string {
  const deployed = services.filter(service => service.enabled)
  const redises = deployed.filter(service => service.kind !== 'config')
  return `${head}services:
${deployed.map(service => serviceText(service, version)).join('\n')}
${servers}${deployed.flatMap(route).join('\n')}
      }

volumes:
${redises.map(({ name }) => `  ${name}-redis:`).join('\n')}
  rabbitmq:
`
}

function serviceText({ name, kind }: ChartService, version: string): string {
  const redis = kind === 'config' ? '' : `  ${name}-redis: { <<: *redis, volumes: [${name}-redis:/data] }\n`
  const own = [
    ...(kind === 'config' ? [] : [`      REDIS_HOST: ${name}-redis\n`]),
    ...(kind === 'api' ? [`      ADMIN_PASSWORD: \${ADMIN_PASSWORD:-correct-horse-battery-staple}\n`] : []),
  ]
  return `  ${name}:
    <<: *service
    image: \${REGISTRY:-}gum/${name.replaceAll('-', '_')}:\${VERSION:-${version}}
    environment:
      <<: *environment
${own.join('')}${redis}`
}

/** The site of "config" takes what no other path does: Caddy sorts longer paths first. */
function route({ name, path }: ChartService): string[] {
  if (path === '') return []
  return [`        reverse_proxy ${path === '/' ? '' : `${path}* `}${name}:3000`]
}

const head = `# Generated from the chart by "pnpm --filter @um/deployment generate"; do not edit.
# Universal Messaging on a laptop: docker compose --file docker/compose.yaml up
# Build the images first with docker/build.sh. Everything is published on http://localhost:8080, by paths as on an ingress.
# Not for production: one host, no backups, and credentials with defaults.
name: universal-messaging

x-service: &service
  restart: unless-stopped
  read_only: true
  tmpfs: [/tmp]
  cap_drop: [ALL]
  security_opt: [no-new-privileges:true]
  mem_limit: 128m
  depends_on:
    rabbitmq: { condition: service_healthy }

x-environment: &environment
  DEPLOYMENT: laptop
  LOG_LEVEL: \${LOG_LEVEL:-INFO}
  PUBLIC_URL: \${PUBLIC_URL:-http://localhost:8080}
  SERVICE_URL_TEMPLATE: http://{service}:3000
  SECRET_KEY: \${SECRET_KEY:-only-for-this-laptop-0001}
  INTERNAL_TOKEN: \${INTERNAL_TOKEN:-only-for-this-laptop-0002}
  RABBITMQ_HOST: rabbitmq
  RABBITMQ_PASSWORD: \${RABBITMQ_PASSWORD:-rabbitmq}

x-redis: &redis
  image: docker.io/library/redis:7.0.15
  restart: unless-stopped
  command: [redis-server, --appendonly, "yes", --save, ""]

`

const servers = `  rabbitmq:
    image: docker.io/library/rabbitmq:3.13.7-management
    restart: unless-stopped
    # The name of the node, under which its data is found again.
    hostname: rabbitmq
    environment:
      RABBITMQ_DEFAULT_USER: user
      RABBITMQ_DEFAULT_PASS: \${RABBITMQ_PASSWORD:-rabbitmq}
    volumes: [rabbitmq:/var/lib/rabbitmq]
    ports: ["127.0.0.1:15672:15672"]
    healthcheck:
      test: [CMD, rabbitmq-diagnostics, --quiet, check_port_connectivity]
      interval: 10s
      timeout: 10s
      retries: 12
      start_period: 30s

  gateway:
    image: docker.io/library/caddy:2.10-alpine
    restart: unless-stopped
    ports: ["127.0.0.1:8080:8080"]
    configs:
      - { source: gateway, target: /etc/caddy/Caddyfile }
    depends_on: [api]

configs:
  gateway:
    content: |
      {
        admin off
      }
      :8080 {
`
