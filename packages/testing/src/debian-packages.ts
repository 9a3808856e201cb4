import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { run } from './process.ts'

/** Asked by Debian's packages whether they may start their services; exit code 101 says no. */
const policy = '/usr/sbin/policy-rc.d'
const timeoutMs = 10 * 60_000

/**
 * Installs packages for their programs only: the services that come with them neither start now nor at the next boot. Several processes may call this at the
 * same time; the package manager's own lock makes them wait for each other.
 */
export async function installDebianPackages(packages: readonly string[]): Promise<void> {
  const restore = forbidServices()
  const env = { ...inherited(), DEBIAN_FRONTEND: 'noninteractive' }
  const apt = async (...args: string[]): Promise<void> => {
    await run('apt-get', ['-o', 'DPkg::Lock::Timeout=300', '-qq', ...args], { env, withinMs: timeoutMs })
  }
  try {
    await apt('update')
    await apt('install', '-y', '--no-install-recommends', ...packages)
    if (existsSync('/run/systemd/system')) await disableServices(packages)
  } finally {
    restore()
  }
}

function forbidServices(): () => void {
  if (existsSync(policy)) return () => undefined
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  return () => rmSync(policy, { force: true })
}

/** A package without a service of its name is no error. */
async function disableServices(packages: readonly string[]): Promise<void> {
  for (const name of packages) await run('systemctl', ['disable', '--now', name]).catch(() => undefined)
}

function inherited(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined))
}
