import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { importCourse } from './import-course.ts'
import { root } from './root.ts'
import type { Process } from './run.ts'
import { progress, say } from './terminal.ts'

/** Our own courses, in the format that everybody else's have. */
export const samplesFolder = join(root, 'content')

const markIn = (data: string) => join(data, 'samples-imported')

/** Whether the sample courses are still to be imported: at the very first start, and never again. */
export const samplesWait = (data: string) => !existsSync(markIn(data))

/** Imports the sample courses into a new installation; who removes them later has them removed. */
export async function importSamples(opened: Process, data: string): Promise<void> {
  const courses = opened.installation.backend('courses')
  const existing = await courses.fetch('/api/courses?limit=1')
  const { items } = (await existing.json()) as { items: unknown[] }
  if (items.length === 0) {
    const names = readdirSync(samplesFolder)
      .filter((name) => existsSync(join(samplesFolder, name, 'config.yaml')))
      .sort()
    const line = progress()
    for (const [i, name] of names.entries()) {
      line.show(`Importing sample courses: ${i + 1} of ${names.length} (${name}) …`)
      await importCourse(courses, opened.operatorToken, join(samplesFolder, name))
    }
    line.end()
    await opened.installation.settled(10_000).catch(() => {})
    say(`Imported ${names.length} sample courses (colonnade samples remove takes them away again).`)
  }
  writeFileSync(markIn(data), `${new Date().toISOString()}\n`)
}
