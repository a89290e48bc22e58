import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import postgres from 'postgres'
import { type Address, readAddress } from './address.ts'
import type { Sql } from './database.ts'
import { failed, secure } from './secure.ts'
import type { Target } from './sockets.ts'

type Options = Omit<
  postgres.Options<Record<string, postgres.PostgresType>>,
  'host' | 'port' | 'path' | 'ssl'
>

/**
 * Connections for a command, whose statements may take as long as they need: migrations, seeds, questions of an operator.
 * TLS as the address asks for it. `connect_timeout` is in seconds, 10 unless told.
 * @throws AddressError when the address names a certificate that cannot be read
 */
export function connectTo(url: string, options: Options = {}): Sql {
  const { connect_timeout: seconds = 10 } = options
  const address = readAddress(url)
  const own = address.tls || address.host
  return postgres(address.url, {
    ...(own && { socket: socketTo(address, seconds * 1000) }),
    ...(address.path && { path: address.path }),
    ssl: false,
    max: 1,
    onnotice: () => {},
    ...options,
    connect_timeout: seconds,
  })
}

function socketTo(address: Address, patience: number) {
  return async (target: Target): Promise<Duplex> => {
    const {
      host: [named = '127.0.0.1'],
      port: [port = 5432],
    } = target
    const host = address.host ?? named
    const socket = connect({ host, port })
    if (!address.tls) return socket
    return await secure(socket, host, address.tls, patience).catch(failed)
  }
}
