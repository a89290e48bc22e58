import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { freePort } from '@colonnade/testing/free-port'
import { root } from '../root.ts'
import type { Settings } from './colonnade.ts'
import { systemPostgres } from './system-postgres.ts'
import type { Trial } from './trial.ts'

/** Why no database host can be made here; undefined where one can. */
export function noPostgresHost(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root sets up a database host'
  if (!systemPostgres()) return 'there is no Postgres 15 or newer (ops/debian.sh installs it)'
  if (!/^postgres:/m.test(readFileSync('/etc/passwd', 'utf8'))) return 'there is no user postgres'
  return existsSync('/usr/bin/openssl') ? undefined : 'there is no openssl'
}

/** A database host, as `ops/deploy/postgres/setup.sh` makes it. */
export type PostgresHost = {
  port: number
  /** The file with the addresses, and the certificate that they name. */
  env: string
  certificate: string
  /** The addresses, as settings. */
  settings(): Settings
  /** Sets it up again, otherwise. @returns what the script said @throws when it failed, with what it said */
  setUp(...args: string[]): string
}

/** Sets up a host on this machine's loopback addresses, letting them in; it ends with the trial. */
export async function postgresHost(trial: Trial): Promise<PostgresHost> {
  const folder = trial.data('database-host')
  const out = join(folder, 'out')
  const port = await freePort()
  const certificate = join(out, 'postgres-ca.crt')
  const usual = [
    ...['--listen', '127.0.0.1,::1', '--allow', '127.0.0.1,::1', '--port', String(port)],
    ...['--data', join(folder, 'postgres'), '--bin', systemPostgres() ?? '', '--memory', '256'],
    ...['--out', out, '--root-cert', certificate],
  ]
  const setUp = (...args: string[]) =>
    execFileSync(join(root, 'ops/deploy/postgres/setup.sh'), [...usual, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  setUp()
  const env = join(out, 'database.env')
  const settings = () =>
    Object.fromEntries(
      Object.entries(parseEnv(readFileSync(env, 'utf8'))).map(([name, value = '']) => [
        name,
        value,
      ]),
    )
  return { port, env, certificate, settings, setUp }
}
