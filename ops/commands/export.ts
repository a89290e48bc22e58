import { exportTo, findCourseId } from '../export-course.ts'
import { reach } from '../reach.ts'
import { SettingsError } from '../settings.ts'
import { say } from '../terminal.ts'

/** Writes a course out as the folder, or the zip of the folder, that it was imported from. */
export async function exportCourse(args: string[]): Promise<void> {
  const [named, target, ...rest] = args
  if (!named || !target || rest.length > 0) {
    throw new SettingsError(
      'Say which course and where to: colonnade export my-course my-course.zip (or a folder)',
    )
  }
  const installation = await reach()
  try {
    const id = await findCourseId(installation.api, named)
    const count = await exportTo(installation.api, installation.operatorToken, id, target)
    say(`Wrote ${count} files to ${target}. Bring it in again with: npx colonnade import ${target}`)
  } finally {
    await installation.close()
  }
}
