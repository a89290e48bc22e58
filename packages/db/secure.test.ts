import { createServer, type Server, type Socket } from 'node:net'
import { testDatabase } from '@colonnade/testing'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { readAddress } from './address.ts'
import { connectTo } from './connect.ts'

/** A server without TLS; what it does with it is tried on a database host of its own (ops/deploy/postgres). */
let url: string
beforeAll(async () => {
  url = (await testDatabase()).url
})

const servers: Server[] = []
const sockets: Socket[] = []
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
})
afterAll(() => {
  for (const server of servers) server.close()
})

async function answering(answer?: Buffer): Promise<string> {
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
    socket.on('data', () => answer && socket.write(answer))
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return `postgres://ada:secret@127.0.0.1:${typeof address === 'object' ? address?.port : ''}/x`
}

async function ask(address: string) {
  const sql = connectTo(address, { connect_timeout: 1 })
  try {
    return [...(await sql<{ one: number }[]>`select 1 as one`)]
  } finally {
    await sql.end({ timeout: 1 })
  }
}

test('a server without TLS is spoken to where that is allowed, and refused where it is not', async () => {
  expect(await ask(`${url}?sslmode=prefer`)).toEqual([{ one: 1 }])
  for (const mode of ['require', 'verify-ca', 'verify-full']) {
    await expect(ask(`${url}?sslmode=${mode}`), mode).rejects.toMatchObject({ code: 'TLS_REFUSED' })
  }
})

test('whoever says more than that TLS may begin is not the server', async () => {
  const meddler = await answering(Buffer.from('SR'))
  await expect(ask(`${meddler}?sslmode=require`)).rejects.toThrow(/Somebody between/)
})

test('one that never answers is given up in time, and asked anew by the next', async () => {
  const silent = await answering()
  const sql = connectTo(`${silent}?sslmode=require`, { connect_timeout: 0.5 })
  for (let tries = 0; tries < 2; tries++) {
    await expect(sql`select 1`).rejects.toMatchObject({ code: 'CONNECT_TIMEOUT' })
  }
  await sql.end({ timeout: 0 })
})

test('an address is read as libpq reads it', () => {
  const read = (more: string) => readAddress(`postgres://ada@db.example/x${more}`).tls
  expect(read('')).toBeUndefined()
  expect(read('?sslmode=disable')).toBeUndefined()
  expect(read('?sslmode=require')).toEqual({ optional: false, signed: false, named: false })
  expect(read('?sslmode=verify-ca')).toEqual({ optional: false, signed: true, named: false })
  expect(read('?sslmode=verify-full')).toEqual({ optional: false, signed: true, named: true })
  const file = new URL(import.meta.url).pathname
  expect(read(`?sslmode=require&sslrootcert=${file}`)).toMatchObject({ signed: true })
  const six = readAddress('postgres://ada@[fd00:1::2]:5433/x?sslmode=require&options=-cjit=off')
  expect(six.host).toBe('fd00:1::2')
  expect(new URL(six.url).port).toBe('5433')
  expect(new URL(six.url).search).toBe('?options=-cjit%3Doff')
  const near = readAddress('postgres://ada@127.0.0.1:5433/x?host=%2Fvar%2Frun%2Fpg&sslmode=require')
  expect(near).toEqual({
    url: 'postgres://ada@127.0.0.1:5433/x',
    path: '/var/run/pg/.s.PGSQL.5433',
  })
  expect(() => readAddress('postgres://ada@db.example/x?host=other.example')).toThrow('no folder')
})
