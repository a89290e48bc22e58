import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate, openDatabase } from '@colonnade/db'
import { writeZip } from '@colonnade/format'
import { type Backend, createTrust, type ServiceContext } from '@colonnade/http'
import { testDatabase } from '@colonnade/testing'
import { Hono } from 'hono'
import { pino } from 'pino'
import { afterAll } from 'vitest'
import { courses } from './service.ts'

export const operatorToken = 'operator-token-in-tests'

/** Other services as far as their contracts say; what they were given is kept, and each can be away. */
class Peers {
  readonly away = new Set<string>()
  readonly given: { path: string; body: unknown }[] = []
  /** Whether broken pictures are taken. */
  lenient = false
  teachers: unknown[] = []
  summaries: unknown[] = []
  readonly #app = new Hono()
    .post('/internal/images', async (c) => {
      const bytes = Buffer.from(await c.req.arrayBuffer())
      if (bytes.toString().startsWith('broken') && !this.lenient) {
        return c.json({ detail: 'is no image' }, 422)
      }
      if (bytes.toString() === 'busy') return c.json({ detail: 'Try again soon.' }, 503)
      const id = createHash('sha1').update(bytes).digest('hex')
      return c.json({ id, width: 800, height: 600, kind: 'raster' })
    })
    .put('/internal/:what/:id', async (c) => {
      this.given.push({ path: c.req.path, body: await c.req.json() })
      return c.json({})
    })
    .get('/internal/teachers', (c) => c.json(this.teachers))
    .get('/internal/summaries', (c) => c.json(this.summaries))

  backend(name: string): Backend {
    return {
      fetch: async (path, init) => {
        if (this.away.has(name)) throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
        return await this.#app.fetch(new Request(`http://${name}${path}`, init))
      },
    }
  }
}

/** The service on a database of its own, and the services around it. */
export async function openCourses() {
  const database = await testDatabase('courses', async (url) => {
    await migrate(url, 'courses', courses.migrations)
  })
  const db = openDatabase({ url: database.url, name: 'courses test' })
  const peers = new Peers()
  const trust = createTrust('secret')
  const context: ServiceContext = {
    db,
    trust,
    operatorToken,
    peer: (name) => peers.backend(name),
    nudge: () => {},
    log: pino({ level: 'silent' }),
    data: join(tmpdir(), 'colonnade-courses-test'),
    env: {},
    assets: ['/assets/courses/index.css'],
  }
  const running = courses.open(context)
  afterAll(() => db.close())
  const fetchPath = async (path: string, init?: RequestInit) =>
    await running.app.fetch(new Request(`http://test${path}`, init))
  const importFolder = async (folder: Record<string, string>, query = '') =>
    await fetchPath(`/api/imports${query}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/zip', Authorization: `Bearer ${operatorToken}` },
      body: await zipOf(folder),
    })
  const inside = async (path: string, init: RequestInit = {}) =>
    await fetchPath(path, {
      ...init,
      headers: { ...init.headers, Authorization: await trust.header() },
    })
  return { db, peers, context, fetch: fetchPath, importFolder, inside }
}

export async function zipOf(folder: Record<string, string>): Promise<Uint8Array<ArrayBuffer>> {
  const files = Object.entries(folder).map(
    ([path, text]) => [path, new TextEncoder().encode(text)] as const,
  )
  return new Uint8Array(await writeZip(new Map(files)))
}

/** A small course folder; `changes` replaces files or, with an empty text, takes them away. */
export function folder(changes: Record<string, string> = {}): Record<string, string> {
  const files: Record<string, string> = {
    'config.yaml':
      'title: Measuring Bread\nlang: en\nlicense: CC-BY 4.0\nepisodes:\n- 01-flour.md\n- 02-water.md\n',
    'index.md': '---\nsite: x\n---\n\nWeigh before you bake: grams, not cups.\n',
    'episodes/01-flour.md':
      '---\ntitle: Flour\nteaching: 20\nexercises: 10\n---\n\n::: questions\n\n- How much flour?\n\n:::\n\n::: objectives\n\n- Weigh flour.\n\n:::\n\nFlour comes first, and `a > b` holds.\n\n![A sack of flour](fig/sack.png){alt="A sack > of flour"}\n\nSee [the next lesson](02-water.md) and [the table](data/table.csv).\n\n::: challenge\n\n## Weigh it\n\nHow much?\n\n::: solution\n\n500 g.\n\n:::\n\n:::\n\n::: keypoints\n\n- Grams are exact.\n\n:::\n',
    'episodes/02-water.md': '---\ntitle: Water\nteaching: 30\nexercises: 0\n---\n\nThen water.\n',
    'episodes/fig/sack.png': 'pretend picture',
    'episodes/data/table.csv': 'flour,water\n500,350\n',
    'colonnade/course.yaml':
      'slug: measuring-bread\nsubtitle: Bake by weight.\nsubject: science\nlevel: beginner\nskills: [weighing, fermentation]\noutcomes: [Weigh flour to the gram]\nmodules:\n- key: m1\n  title: Dry\n  lessons: [01-flour.md]\n- key: m2\n  title: Wet\n  lessons: [02-water.md]\n',
    ...changes,
  }
  return Object.fromEntries(Object.entries(files).filter(([, text]) => text !== ''))
}

/** A second course with other words, subject, level and language. */
export const spanishFolder = () =>
  folder({
    'config.yaml': 'title: El cielo a simple vista\nlang: es\nepisodes:\n- 01-luna.md\n',
    'index.md': '---\nsite: x\n---\n\nMirar la Luna y las constelaciones.\n',
    'episodes/01-flour.md': '',
    'episodes/02-water.md': '',
    'episodes/01-luna.md':
      '---\ntitle: La Luna\nteaching: 200\nexercises: 0\n---\n\nLa Luna crece.\n',
    'colonnade/course.yaml':
      'slug: el-cielo\nsubtitle: Sin telescopio.\nsubject: humanities\nlevel: advanced\nskills: [astronomía]\n',
  })
