import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import type { Installation } from './installation.ts'

const page = z.object({
  items: z.array(z.object({ slug: z.string() })),
  next: z.string().nullable(),
})
const filled = new Map<string, Promise<string[]>>()

/**
 * Makes up whole courses by the product's own `colonnade seed`, once for each data folder.
 * @returns the slugs of all courses there are
 */
export async function seedCourses(
  root: string,
  installation: Installation,
  courses: number,
): Promise<string[]> {
  const known = filled.get(installation.data)
  if (known) return await known
  const filling = fill(root, installation, courses)
  filled.set(installation.data, filling)
  return await filling
}

async function fill(root: string, { url, data }: Installation, courses: number): Promise<string[]> {
  const args = ['seed', '--courses', String(courses), '--instructors', String(courses * 4)]
  await promisify(execFile)(process.execPath, [join(root, 'ops/bin/colonnade.mjs'), ...args], {
    cwd: root,
    env: { ...process.env, COLONNADE_DATA: data, DATABASE_URL: '' },
  })
  const slugs: string[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''
    const answer: Response = await fetch(`${url}/api/courses?limit=100${query}`)
    const { items, next } = page.parse(await answer.json())
    slugs.push(...items.map(({ slug }) => slug))
    cursor = next
  }
  return slugs
}
