import { readFile, stat } from 'node:fs/promises'
import { readFolder, writeZip } from '@colonnade/format'
import type { Backend } from '@colonnade/http'
import { z } from 'zod'

const line = z.object({
  file: z.string(),
  line: z.number().nullable().optional(),
  element: z.string(),
  outcome: z.enum(['exact', 'approximated', 'dropped']),
  why: z.string().optional(),
  count: z.number().optional(),
})

const answer = z.object({
  course: z.object({ id: z.number(), slug: z.string(), title: z.string() }),
  revision: z.number(),
  unchanged: z.boolean(),
  report: z.array(line),
})

export type ImportAnswer = z.infer<typeof answer>

/** What the importer refused, in words that say which file and line. */
export class ImportRefused extends Error {}

/**
 * Sends a course folder or zip to the courses service.
 * @throws ImportRefused when the folder cannot be a course
 */
export async function importCourse(
  courses: Backend,
  operatorToken: string,
  path: string,
): Promise<ImportAnswer> {
  const zip = (await stat(path)).isDirectory()
    ? await writeZip(await readFolder(path))
    : await readFile(path)
  const response = await courses.fetch('/api/imports', {
    method: 'POST',
    headers: { 'Content-Type': 'application/zip', Authorization: `Bearer ${operatorToken}` },
    body: new Uint8Array(zip),
  })
  if (!response.ok) {
    const problem = z
      .object({
        title: z.string(),
        detail: z.string().optional(),
        errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
      })
      .catch({ title: `status ${response.status}` })
      .parse(await response.json().catch(() => ({})))
    const where = problem.errors?.map(
      ({ path: place, message }) => `\n  ${place.replace(/^\//, '')}: ${message}`,
    )
    throw new ImportRefused((problem.detail ?? problem.title) + (where ?? []).join(''))
  }
  return answer.parse(await response.json())
}
