import { request } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { pixelBomb, zipBomb } from './bombs.ts'

/** Where hostile clients go, and the token they send with what is refused for its content alone. */
export type Target = { url: string; page: string; token: string }

export type Attack = {
  name: string
  /** How many at once. */
  width: number
  once(target: Target): Promise<unknown>
}

const hostile: [string, ...string[]] = [
  `${'a'.repeat(80)}!`,
  '%'.repeat(90),
  `${'(a+)+'.repeat(15)}$`,
  `${'_%'.repeat(45)}x`,
  '\u0000\uD800',
  "'; drop table courses; --",
]

// Made once, so that the attackers spend their time on attacking.
const hugeBody = Buffer.alloc(20_000_000, 'x')
const deepJson = Buffer.alloc(250_000, '[')
// One says what it is, one that it is small, and one claims about as much as a zip of its size may.
const zips: [Buffer, ...Buffer[]] = [
  zipBomb(200_000_000),
  zipBomb(200_000_000, 1000),
  zipBomb(200_000_000, 30_000_000),
]
const picture = pixelBomb(30_000)

export const attacks: readonly Attack[] = [
  { name: 'slow headers', width: 200, once: (target) => drip(target, 'X-Slow: ') },
  { name: 'slow readers', width: 50, once: readSlowly },
  {
    name: 'huge headers',
    width: 2,
    once: (target) => send(target, 'GET', target.page, { 'X-Huge': 'x'.repeat(60_000) }),
  },
  {
    name: 'huge bodies',
    width: 2,
    once: (target) => post(target, '/api/instructors', hugeBody),
  },
  {
    name: 'deep JSON',
    width: 2,
    once: (target) => post(target, '/api/instructors', deepJson),
  },
  {
    name: 'hostile patterns',
    width: 2,
    once: (target) => {
      const text = oneOf(hostile).toWellFormed()
      return send(target, 'GET', `/courses?q=${encodeURIComponent(text)}`)
    },
  },
  {
    name: 'zip bombs',
    width: 1,
    once: (target) => post(target, '/api/imports', oneOf(zips), 'application/zip'),
  },
  {
    name: 'pixel bombs',
    width: 1,
    once: (target) => post(target, '/api/images', picture, 'image/png'),
  },
]

const oneOf = <T>(all: readonly [T, ...T[]]): T =>
  all[Math.floor(Math.random() * all.length)] ?? all[0]

/** Sends its request a letter at a time. */
async function drip({ url, page }: Target, letters: string): Promise<void> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.on('error', () => socket.destroy())
  socket.write(`GET ${page} HTTP/1.1\r\nHost: slow\r\n`)
  for (let i = 0; i < 20 && !socket.destroyed; i++) {
    socket.write(letters[i % letters.length] ?? 'x')
    await delay(200)
  }
  socket.destroy()
}

/** Asks for the page many times and reads nothing of it. */
async function readSlowly({ url, page }: Target): Promise<void> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.on('error', () => socket.destroy())
  socket.pause()
  socket.write(`GET ${page} HTTP/1.1\r\nHost: slow\r\n\r\n`.repeat(50))
  await delay(3000)
  socket.destroy()
}

const post = (target: Target, path: string, body: Buffer, type = 'application/json') =>
  send(
    target,
    'POST',
    path,
    {
      Authorization: `Bearer ${target.token}`,
      'Content-Type': type,
      'Content-Length': String(body.length),
    },
    body,
  )

async function send(
  { url }: Target,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: Buffer,
): Promise<void> {
  await new Promise<void>((resolve) => {
    const asked = request(url + path, { method, headers, agent: false, timeout: 10_000 })
    asked.on('response', (response) => response.resume().on('close', () => resolve()))
    asked.on('error', () => resolve())
    asked.on('timeout', () => asked.destroy())
    asked.on('close', () => resolve())
    asked.end(body)
  })
}
