import type { Config } from 'jest'

const transform: NonNullable<Config['transform']> = {
  '^.+\\.tsx?$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript', tsx: false }, target: 'es2024' }, module: { type: 'es6' } }],
}

const common: Config = {
  transform,
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironment: 'node',
}

/** `unit` needs nothing but Node; `plumbing` needs real RabbitMQ and Redis; `fleet` runs whole services (and a browser). */
const config: Config = {
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/{packages,services,scripts,bench}/**/*.spec.ts'],
      testPathIgnorePatterns: ['/node_modules/', '/dist/'],
    },
    { ...common, displayName: 'plumbing', testMatch: ['<rootDir>/{packages,services}/**/*.plumbing.ts'], testPathIgnorePatterns: ['/node_modules/', '/dist/'] },
    { ...common, displayName: 'fleet', testMatch: ['<rootDir>/{packages,services,bench}/**/*.fleet.ts'], testPathIgnorePatterns: ['/node_modules/', '/dist/'] },
  ],
  testTimeout: 60_000,
}

export default config
