import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { colonnade, type Settings } from './installation.ts'
import { baseUrl } from './pages.ts'

/** Imports so many tiny courses that the catalogue has a second page. */
export async function addTinyCourses(own: Settings, count: number): Promise<void> {
  const parent = mkdtempSync(join(tmpdir(), 'colonnade-tiny-'))
  const folders = Array.from({ length: count }, (_, i) => writeTiny(parent, i + 1))
  await colonnade(['import', ...folders], own)
  rmSync(parent, { recursive: true })
}

function writeTiny(parent: string, number: number): string {
  const folder = join(parent, `tiny-${number}`)
  mkdirSync(join(folder, 'episodes'), { recursive: true })
  mkdirSync(join(folder, 'colonnade'))
  const write = (path: string, text: string) => writeFileSync(join(folder, path), `${text}\n`)
  write('config.yaml', `title: "Tiny course ${number}"\nlang: en\nepisodes:\n  - 01-only.md`)
  write('index.md', 'A course of one lesson, so that the catalogue has more than one page.')
  write('colonnade/course.yaml', 'subject: arts\nlevel: advanced')
  write(
    'episodes/01-only.md',
    '---\ntitle: The only lesson\nteaching: 5\nexercises: 0\n---\n\nThere is nothing more to it.',
  )
  return folder
}

/** Adds reviews until there are more than one page shows. */
export async function addReviews(own: Settings, slug: string, count: number): Promise<void> {
  const id = await courseId(slug)
  for (let i = 1; i <= count; i += 1) {
    const response = await fetch(`${baseUrl}/api/courses/${id}/reviews`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${own.COLONNADE_API_TOKEN}`,
        'Content-Type': 'application/json',
      },
      body: JSON.stringify({
        learner: randomUUID(),
        author: `Reader ${i}`,
        stars: 1 + (i % 5),
        text: `Review number ${i} of ${count}.`,
      }),
    })
    if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`)
  }
}

async function courseId(slug: string): Promise<number> {
  for (let cursor: string | null = ''; cursor !== null; ) {
    const response: Response = await fetch(
      `${baseUrl}/api/courses?limit=100${cursor && `&cursor=${cursor}`}`,
    )
    const list: { items: { id: number; slug: string }[]; next: string | null } =
      await response.json()
    const found = list.items.find((course) => course.slug === slug)
    if (found) return found.id
    cursor = list.next
  }
  throw new Error(`There is no course ${slug}.`)
}
