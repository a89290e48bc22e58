import { readFileSync, statSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { AddressError, connectTo } from '@colonnade/db'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { noPostgresHost, type PostgresHost, postgresHost } from '../../testing/postgres-host.ts'
import { Trial } from '../../testing/trial.ts'

const why = noPostgresHost()
if (why) console.warn(`skipped: ${why}`)

describe.skipIf(why)('a database host', () => {
  const trial = new Trial()
  let host: PostgresHost
  let url: URL
  beforeAll(async () => {
    host = await postgresHost(trial)
    url = new URL(host.settings().REVIEWS_DATABASE_URL ?? '')
  })
  afterAll(() => trial.close())

  /** The address of reviews' application role, changed. */
  const changed = (change: (url: URL) => void) => {
    const other = new URL(url)
    change(other)
    return other.href
  }
  async function ask(address: string) {
    const sql = connectTo(address, { connect_timeout: 5 })
    try {
      const [row] = await sql<{ role: string; ssl: boolean }[]>`
        select current_user as role, ssl from pg_stat_ssl where pid = pg_backend_pid()`
      return row
    } finally {
      await sql.end({ timeout: 1 })
    }
  }

  test('lets a service in by its address, over TLS, with the certificate looked at', async () => {
    expect(url.searchParams.get('sslmode')).toBe('verify-full')
    expect(await ask(url.href)).toEqual({ role: 'reviews_app', ssl: true })
    const six = changed((one) => {
      one.hostname = '[::1]'
    })
    expect(await ask(six)).toEqual({ role: 'reviews_app', ssl: true })
    expect(statSync(host.env).mode & 0o777).toBe(0o600)
  })

  test('refuses another address until it is let in, and keeps passwords then', async () => {
    const elsewhere = createServer((client) => {
      const onward = connect({ host: '127.0.0.1', port: host.port, localAddress: '127.0.0.9' })
      client.pipe(onward).pipe(client)
      client.on('error', () => onward.destroy())
      onward.on('error', () => client.destroy())
    })
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
    const address = elsewhere.address()
    const through = changed((one) => {
      one.port = String(typeof address === 'object' ? address?.port : '')
    })
    try {
      await expect(ask(through)).rejects.toMatchObject({ code: '28000' })
      const before = readFileSync(host.env, 'utf8')
      host.setUp('--allow', '127.0.0.1,::1,127.0.0.9')
      expect(await ask(through)).toEqual({ role: 'reviews_app', ssl: true })
      expect(readFileSync(host.env, 'utf8')).toBe(before)
      host.setUp()
      await expect(ask(through)).rejects.toMatchObject({ code: '28000' })
    } finally {
      elsewhere.close()
    }
  })

  test('refuses whoever speaks without TLS, has a wrong password, or is a role of its own', async () => {
    const refused: [string, string][] = [
      [changed((one) => one.searchParams.set('sslmode', 'disable')), '28000'],
      [
        changed((one) => {
          one.password = 'wrong'
        }),
        '28P01',
      ],
      [
        changed((one) => {
          one.username = 'postgres'
        }),
        '28000',
      ],
      [
        changed((one) => {
          one.pathname = '/postgres'
        }),
        '28000',
      ],
    ]
    for (const [address, code] of refused) {
      await expect(ask(address), address).rejects.toMatchObject({ code })
    }
  })

  test('is not believed under another name, or by whom its authority is unknown', async () => {
    const named = (one: URL) => {
      one.hostname = 'localhost'
    }
    await expect(ask(changed(named))).rejects.toThrow(/made for other names/)
    const onlySigned = changed((one) => {
      named(one)
      one.searchParams.set('sslmode', 'verify-ca')
    })
    expect(await ask(onlySigned)).toMatchObject({ ssl: true })
    const unknown = changed((one) => one.searchParams.set('sslrootcert', 'system'))
    await expect(ask(unknown)).rejects.toThrow(/not to be trusted/)
    const missing = changed((one) => one.searchParams.set('sslrootcert', '/nowhere/ca.crt'))
    await expect(ask(missing)).rejects.toThrow(AddressError)
    const odd = changed((one) => one.searchParams.set('sslmode', 'verify'))
    await expect(ask(odd)).rejects.toThrow(/There is no sslmode verify/)
  })

  test('takes a name more into its certificate, which clients trust as before', async () => {
    host.setUp('--names', 'localhost')
    const named = changed((one) => {
      one.hostname = 'localhost'
    })
    expect(await ask(named)).toMatchObject({ ssl: true })
    expect(await ask(url.href)).toMatchObject({ ssl: true })
  })

  test('is not opened to everybody, nor by what is no address', () => {
    for (const wrong of ['0.0.0.0/0', '::/0', 'all', 'db.example']) {
      expect(() => host.setUp('--allow', wrong), wrong).toThrow(/--allow/)
    }
    expect(() => host.setUp('--memory', 'much')).toThrow(/whole numbers/)
    expect(() => host.setUp('--listen', '*')).toThrow(/--host/)
  })

  test('listens on whatever addresses come, where that is asked for', async () => {
    host.setUp('--listen', '*', '--host', '127.0.0.1')
    expect(await ask(url.href)).toEqual({ role: 'reviews_app', ssl: true })
    await expect(
      ask(
        changed((one) => {
          one.hostname = '127.0.0.2'
        }),
      ),
    ).rejects.toThrow(/made for other names/)
  })

  test('gives new passwords when asked for, and forgets the old ones', async () => {
    host.setUp('--new-passwords')
    await expect(ask(url.href)).rejects.toMatchObject({ code: '28P01' })
    expect(await ask(host.settings().REVIEWS_DATABASE_URL ?? '')).toMatchObject({ ssl: true })
  })
})
