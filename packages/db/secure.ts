import { once } from 'node:events'
import { isIP, type Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { connect, type TLSSocket } from 'node:tls'

export type SecureOptions = {
  /** Certificates of the authorities that count, PEM; Node's own when not given. */
  ca?: string
  /** A server that speaks no TLS is spoken to without. */
  optional: boolean
  /** The certificate must be signed by one of them. */
  signed: boolean
  /** And must be made for the host that was asked for. */
  named: boolean
}

/** A connection that was not secured as its address asks for; the message says what to do. */
class TlsRefused extends Error {
  readonly code = 'TLS_REFUSED'
}

/** Length, and the number that stands for “may we speak TLS?” (PostgreSQL's protocol, SSLRequest). */
const request = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])
const yes = 83

/**
 * Secures a connection that is being made to a Postgres, before the driver says its first word on it.
 * @param patience milliseconds until the connection must stand
 * @throws when it does not stand in time, or is not what the options ask for; the connection is gone then
 */
export async function secure(
  socket: Socket,
  host: string,
  options: SecureOptions,
  patience: number,
): Promise<Socket> {
  // Whoever waits for it hears of errors; in between nobody does, and one must not end the process.
  socket.on('error', () => {})
  const given = new AbortController()
  const late = delay(patience, undefined, { signal: given.signal, ref: false }).then(
    () => {
      throw Object.assign(new Error(`No secured connection to ${host} in time`), {
        code: 'CONNECT_TIMEOUT',
      })
    },
    () => socket,
  )
  try {
    return await Promise.race([shakeHands(socket, host, options), late])
  } catch (error) {
    socket.destroy()
    throw explained(error, host)
  } finally {
    given.abort()
  }
}

async function shakeHands(socket: Socket, host: string, options: SecureOptions): Promise<Socket> {
  await once(socket, 'connect')
  socket.write(request)
  const [answer] = await Promise.race([once(socket, 'data'), once(socket, 'close')])
  if (!(answer instanceof Buffer)) throw gone()
  if (answer[0] !== yes) {
    if (options.optional) return socket
    throw new TlsRefused(
      `The database at ${host} speaks no TLS, which sslmode asks for. Turn ssl on there: ops/deploy/postgres/setup.sh does.`,
    )
  }
  // More than the one letter was put there by somebody else, before the encryption began.
  if (answer.length > 1) throw new TlsRefused(`Somebody between us and ${host} answers for it.`)
  const secured = connect({
    socket,
    host,
    ...(isIP(host) ? {} : { servername: host }),
    ...(options.ca && { ca: options.ca }),
    rejectUnauthorized: options.signed,
    ...(options.named ? {} : { checkServerIdentity: () => undefined }),
  })
  await established(secured)
  return secured
}

async function established(secured: TLSSocket): Promise<void> {
  await Promise.race([
    once(secured, 'secureConnect'),
    once(secured, 'close').then(() => {
      throw gone()
    }),
  ])
}

const gone = () =>
  Object.assign(new Error('The database closed the connection'), { code: 'ECONNRESET' })

function explained(error: unknown, host: string): unknown {
  if (!(error instanceof Error && 'code' in error)) return error
  const code = String(error.code)
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return new TlsRefused(
      `The certificate of the database at ${host} is made for other names: ${error.message} ` +
        `Use one of them in the URL, or run ops/deploy/postgres/setup.sh there with --names ${host}.`,
    )
  }
  if (/CERT|SELF_SIGNED|VERIFY|ISSUER/.test(code)) {
    return new TlsRefused(
      `The certificate of the database at ${host} is not to be trusted (${error.message}). ` +
        'sslrootcert must name the authority that signed it: postgres-ca.crt of that host.',
    )
  }
  return error
}

/** What the driver is given in place of a connection that failed: it learns why at its first word. */
export function failed(error: unknown): Duplex {
  return new Duplex({
    read() {},
    write: (_chunk, _encoding, done) =>
      done(error instanceof Error ? error : new Error(String(error))),
  })
}
