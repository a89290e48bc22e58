import { type ImportAnswer, importCourse } from '../import-course.ts'
import { reach } from '../reach.ts'
import { SettingsError } from '../settings.ts'
import { progress, say } from '../terminal.ts'

/** Brings in each folder or zip, prints its loss report, and says where it can be read. */
export async function importCourses(paths: string[]): Promise<void> {
  if (paths.length === 0)
    throw new SettingsError('Name a course folder or zip: colonnade import my-course')
  const installation = await reach()
  try {
    for (const path of paths) {
      const line = progress()
      const started = performance.now()
      const timer = setInterval(
        () =>
          line.show(`Importing ${path}: ${Math.round((performance.now() - started) / 1000)} s …`),
        200,
      )
      try {
        const answer = await importCourse(installation.api, installation.operatorToken, path)
        line.end()
        printReport(answer, installation.url)
      } finally {
        clearInterval(timer)
      }
    }
  } finally {
    await installation.close()
  }
}

function printReport({ course, revision, unchanged, report }: ImportAnswer, url?: string): void {
  for (const { outcome, file, line, element, why, count } of report) {
    if (outcome === 'exact') continue
    const place = line ? `${file}:${line}` : file
    say(
      `  ${outcome.padEnd(12)} ${place}  ${element}${count && count > 1 ? ` (${count} times)` : ''}${why ? `: ${why}` : ''}`,
    )
  }
  const count = (outcome: string) =>
    report
      .filter((line) => line.outcome === outcome)
      .reduce((sum, line) => sum + (line.count ?? 1), 0)
  say(
    `${course.title}: ${count('exact')} elements exact, ${count('approximated')} approximated, ${count('dropped')} dropped.`,
  )
  const where = `${url ?? ''}/learn/${course.slug}`
  say(
    unchanged
      ? `Nothing changed since revision ${revision}: ${where}`
      : `Published as revision ${revision}: ${where}`,
  )
}
