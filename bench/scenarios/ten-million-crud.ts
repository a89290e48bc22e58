import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import { connectTo } from '@colonnade/db'
import { z } from 'zod'
import { randomNumbers } from '../http/request.ts'
import { type Installation, token } from '../installation.ts'
import { median } from '../scenario.ts'

type Times = { median: number; count: number; all: number[] }
export type Crud = { create: Times; read: Times; update: Times; delete: Times }

const counted = 200
const warmUp = 50
const created = z.object({ id: z.number() })
type Answer = { status: number; headers: IncomingHttpHeaders; text: string; ms: number }

/** One request after the other on one connection: how long each kind takes, in milliseconds; all writes are durable. */
export async function measureCrud(installation: Installation): Promise<Crud> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const ask = async (
    method: string,
    path: string,
    status: number,
    body?: unknown,
    etag?: string,
  ) => {
    const answer = await send(agent, installation, { method, path, body, etag })
    if (answer.status === status) return answer
    throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text.slice(0, 300)}`)
  }
  try {
    const { from, to } = await idsOf(installation.database)
    const next = randomNumbers(7)
    const ids: number[] = []
    const all: Record<keyof Crud, number[]> = { create: [], read: [], update: [], delete: [] }
    for (let n = 0; n < warmUp + counted; n++) {
      const made = await ask('POST', '/api/instructors', 201, personOf(n))
      all.create.push(made.ms)
      ids.push(created.parse(JSON.parse(made.text)).id)
    }
    for (let n = 0; n < warmUp + counted; n++) {
      const id = from + Math.floor(next() * (to - from + 1))
      all.read.push((await ask('GET', `/api/instructors/${id}`, 200)).ms)
    }
    for (const id of ids) {
      const { headers } = await ask('GET', `/api/instructors/${id}`, 200)
      const put = await ask('PUT', `/api/instructors/${id}`, 200, personOf(id), headers.etag)
      all.update.push(put.ms)
    }
    for (const id of ids) {
      all.delete.push((await ask('DELETE', `/api/instructors/${id}`, 204)).ms)
    }
    const timesOf = (values: number[]): Times => {
      const kept = values.slice(warmUp)
      return { median: median(kept), count: kept.length, all: kept }
    }
    return {
      create: timesOf(all.create),
      read: timesOf(all.read),
      update: timesOf(all.update),
      delete: timesOf(all.delete),
    }
  } finally {
    agent.destroy()
  }
}

const personOf = (n: number) => ({
  firstName: 'Ada',
  lastName: `Example ${n}`,
  title: 'Lecturer',
  organisation: 'Example University',
  biography: 'Measures how long it takes to be written down.',
})

async function idsOf(database: string): Promise<{ from: number; to: number }> {
  const sql = connectTo(database)
  try {
    // Those who came with the sample courses stand before the seeded ones.
    const [row] = await sql<{ from: string; to: string }[]>`
      select (select min(instructor_id) from instructors.teaching
          where course_id = (select max(course_id) from instructors.teaching) and role = 'primary') as to,
        (select min(id) from instructors.instructor where example and biography like '% has taught for %') as from`
    return { from: Number(row?.from), to: Number(row?.to) }
  } finally {
    await sql.end()
  }
}

function send(
  agent: Agent,
  { address }: Installation,
  {
    method,
    path,
    body,
    etag,
  }: { method: string; path: string; body: unknown; etag: string | undefined },
): Promise<Answer> {
  const text = body === undefined ? '' : JSON.stringify(body)
  const headers = {
    Authorization: `Bearer ${token}`,
    ...(text
      ? { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }
      : {}),
    ...(etag ? { 'If-Match': etag } : {}),
  }
  return new Promise((resolve, reject) => {
    const began = performance.now()
    const asked = request({ ...address, agent, method, path, headers }, (answer) => {
      let said = ''
      answer.setEncoding('utf8').on('data', (part) => {
        said += part
      })
      answer.on('end', () => {
        const ms = performance.now() - began
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: said, ms })
      })
    })
    asked.on('error', reject)
    asked.end(text)
  })
}
