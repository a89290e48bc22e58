import { request } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { pixelBomb, zipBomb } from '../bombs.ts'
import { ms, pagesCame, percentile, within } from '../figures.ts'
import { check, type Row } from '../row.ts'
import { openBox, type Place, page, underLoad } from '../stage.ts'

type Attack = {
  name: string /** How many at once. */
  width: number
  once(place: Place): Promise<unknown>
}

const hostile = [
  `${'a'.repeat(80)}!`,
  '%'.repeat(90),
  `${'(a+)+'.repeat(15)}$`,
  `${'_%'.repeat(45)}x`,
  '\u0000\uD800',
  "'; drop table courses; --",
]

const attacks: readonly Attack[] = [
  { name: 'slow headers', width: 200, once: (place) => drip(place, 'X-Slow: ') },
  { name: 'slow readers', width: 50, once: readSlowly },
  {
    name: 'huge headers',
    width: 2,
    once: (place) => send(place, 'GET', page, { 'X-Huge': 'x'.repeat(60_000) }),
  },
  {
    name: 'huge bodies',
    width: 2,
    once: (place) => post(place, '/api/instructors', Buffer.alloc(20_000_000, 'x')),
  },
  {
    name: 'deep JSON',
    width: 2,
    once: (place) => post(place, '/api/instructors', Buffer.alloc(250_000, '[')),
  },
  {
    name: 'hostile patterns',
    width: 2,
    once: (place) => {
      const text = hostile[Math.floor(Math.random() * hostile.length)] ?? ''
      return send(place, 'GET', `/courses?q=${encodeURIComponent(text.toWellFormed())}`)
    },
  },
  {
    name: 'zip bombs',
    width: 1,
    once: (place) => post(place, '/api/imports', zip, 'application/zip'),
  },
  {
    name: 'pixel bombs',
    width: 1,
    once: (place) => post(place, '/api/images', picture, 'image/png'),
  },
]
const zip = zipBomb(200_000_000)
const picture = pixelBomb(30_000)

export const hostileClients: Row = {
  number: 26,
  fault: 'slow clients, huge headers and bodies, deep JSON, hostile patterns, zip and pixel bombs',
  made: attacks.map(({ name, width }) => `${width} at once: ${name}`).join('; '),
  passes: 'others’ p99 < 2 × baseline',
  async run(stage) {
    const box = await openBox(stage, { RATE_LIMIT_READS: 'off', RATE_LIMIT_ATTEMPTS: 'off' })
    const times: [name: string, p99: number][] = []
    let baseline = 0
    const { load, checks } = await underLoad(box, async (load) => {
      const each = stage.seconds(4) * 1000
      const measure = async (name: string) => {
        const from = load.now()
        await delay(each)
        times.push([name, percentile(within(load.pages, from, load.now()), 99)])
      }
      await measure('baseline')
      baseline = times[0]?.[1] ?? 0
      for (const attack of attacks) {
        const ends = attackWith(attack, box)
        await measure(attack.name)
        ends()
        await delay(500)
      }
    })
    return [
      pagesCame(load),
      ...times.map(([name, p99]) =>
        check(p99 < 2 * baseline || name === 'baseline', `${name}: page p99 ${ms(p99)}`),
      ),
      check(box.serving.alive(), 'the process lived on'),
      ...checks,
    ]
  },
}

function attackWith({ width, once }: Attack, place: Place): () => void {
  let over = false
  const repeat = async () => {
    // What is refused at once must not become a flood: that is another row.
    while (!over) await Promise.all([once(place).catch(() => {}), delay(200)])
  }
  for (let i = 0; i < width; i++) void repeat()
  return () => {
    over = true
  }
}

/** Sends its request a letter at a time. */
async function drip({ url }: Place, letters: string): Promise<void> {
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
async function readSlowly({ url }: Place): Promise<void> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.on('error', () => socket.destroy())
  socket.pause()
  socket.write(`GET ${page} HTTP/1.1\r\nHost: slow\r\n\r\n`.repeat(50))
  await delay(3000)
  socket.destroy()
}

const post = (place: Place, path: string, body: Buffer, type = 'application/json') =>
  send(
    place,
    'POST',
    path,
    {
      Authorization: `Bearer ${place.token}`,
      'Content-Type': type,
      'Content-Length': String(body.length),
    },
    body,
  )

async function send(
  { url }: Place,
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
