import { readFileSync } from 'node:fs'
import type { SecureOptions } from './secure.ts'

/** A database's address as the driver takes it, and what its connections must be secured by. */
export type Address = {
  /** For the driver, without what only we understand. */
  url: string
  /** The host, where it is an IPv6 address: the driver would take that apart at its colons. */
  host?: string
  /** The Unix socket, when the server listens on one; it is never secured. */
  path?: string
  /** How it is secured; not at all without. */
  tls?: SecureOptions
}

/** An address that cannot be used; the message says why, and what to do. */
export class AddressError extends Error {}

const modes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const
type Mode = (typeof modes)[number]
const isMode = (text: string): text is Mode => modes.some((mode) => mode === text)

/**
 * Reads an address as libpq does: `sslmode` and `sslrootcert` say how its certificate is looked at (require: not at all,
 * unless there is a root certificate; verify-ca: signed by it; verify-full: and made for this host). Without a root
 * certificate the authorities that Node trusts count. `host=/folder` names the folder of a Unix socket, whose name has the port.
 * @throws AddressError when the mode is unknown or the certificate cannot be read
 */
export function readAddress(address: string): Address {
  const url = new URL(address)
  const given = url.searchParams.get('sslmode') ?? 'disable'
  const file = url.searchParams.get('sslrootcert') ?? undefined
  url.searchParams.delete('sslmode')
  url.searchParams.delete('sslrootcert')
  if (!isMode(given)) {
    throw new AddressError(`There is no sslmode ${given}. There are ${modes.join(', ')}.`)
  }
  const folder = url.searchParams.get('host')
  url.searchParams.delete('host')
  if (folder?.startsWith('/')) {
    return { url: url.href, path: `${folder}/.s.PGSQL.${url.port || 5432}` }
  }
  if (folder) throw new AddressError(`host=${folder} is no folder: name the host before the port.`)
  const host = /^\[(.+)\]$/.exec(url.hostname)?.[1]
  if (host) url.hostname = 'ipv6'
  return {
    url: url.href,
    ...(host && { host }),
    ...(given !== 'disable' && { tls: securedBy(given, file) }),
  }
}

function securedBy(mode: Mode, file: string | undefined): SecureOptions {
  const ca = file === undefined || file === 'system' ? undefined : readCertificate(file)
  return {
    ...(ca && { ca }),
    optional: mode === 'allow' || mode === 'prefer',
    signed: mode.startsWith('verify') || (mode === 'require' && ca !== undefined),
    named: mode === 'verify-full',
  }
}

function readCertificate(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new AddressError(
      `The certificate ${file}, which sslrootcert names, cannot be read (${why}). ` +
        'Bring postgres-ca.crt from the database’s host there, and let this user read it.',
    )
  }
}
