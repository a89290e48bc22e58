import { existsSync, readdirSync, statSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { readZip } from '@colonnade/format'
import type { Backend } from '@colonnade/http'
import { z } from 'zod'
import { SettingsError } from './settings.ts'

const page = z.object({
  items: z.array(z.object({ id: z.number(), slug: z.string() })),
  next: z.string().nullable(),
})

/** The id of the course at a slug, or of the course with that id. @throws SettingsError when there is none */
export async function findCourseId(courses: Backend, named: string): Promise<number> {
  if (/^[1-9]\d{0,15}$/.test(named)) return Number(named)
  // Most titles have the words of their slug; for those that have not, everything is looked through.
  const words = named.replaceAll('-', ' ').slice(0, 200)
  const found =
    (await lookThrough(courses, named, `&q=${encodeURIComponent(words)}`, 3)) ??
    (await lookThrough(courses, named, '&sort=title', Number.POSITIVE_INFINITY))
  if (found !== undefined) return found
  throw new SettingsError(`There is no course at ${named}. The catalogue shows what there is.`)
}

async function lookThrough(
  courses: Backend,
  slug: string,
  query: string,
  pages: number,
): Promise<number | undefined> {
  let cursor = ''
  for (let at = 0; at < pages; at++) {
    const response = await courses.fetch(`/api/courses?limit=100${query}${cursor}`)
    if (!response.ok) throw new Error(`The catalogue answered ${response.status}.`)
    const { items, next } = page.parse(await response.json())
    const found = items.find((item) => item.slug === slug)
    if (found || next === null) return found?.id
    cursor = `&cursor=${next}`
  }
  return undefined
}

/**
 * Writes a course to a folder, or to a file whose name ends in `.zip`.
 * @returns how many files it has
 * @throws SettingsError when something is there already
 */
export async function exportTo(
  courses: Backend,
  operatorToken: string,
  id: number,
  target: string,
): Promise<number> {
  refuseToOverwrite(target)
  const response = await courses.fetch(`/api/courses/${id}/export`, {
    headers: { Authorization: `Bearer ${operatorToken}` },
  })
  if (response.status === 404) throw new SettingsError(`There is no course ${id}.`)
  if (!response.ok) throw new Error(`Exporting was answered by ${response.status}.`)
  const zip = new Uint8Array(await response.arrayBuffer())
  const files = await readZip(zip)
  if (target.endsWith('.zip')) {
    await mkdir(dirname(resolve(target)), { recursive: true })
    await writeFile(target, zip)
    return files.size
  }
  for (const [path, bytes] of files) {
    const file = join(target, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, bytes)
  }
  return files.size
}

/** @throws SettingsError unless there is nothing at `target`, or an empty folder */
function refuseToOverwrite(target: string): void {
  if (!existsSync(target)) return
  if (statSync(target).isDirectory() && readdirSync(target).length === 0) return
  throw new SettingsError(
    `${target} is there already and is not overwritten. Name another one, or remove it first.`,
  )
}
