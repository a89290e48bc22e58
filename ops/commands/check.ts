import { readFile, stat } from 'node:fs/promises'
import { CourseError, readFolder, readZip } from '@colonnade/format'
import { readCourse } from '@colonnade/format/read'
import { SettingsError } from '../settings.ts'
import { say } from '../terminal.ts'

/** Reads a course folder or zip as an import would, and says what is lost; nothing need run, and nothing is published. */
export async function checkCourse(args: string[]): Promise<void> {
  const [path, ...rest] = args
  if (!path || rest.length > 0) {
    throw new SettingsError('Name a course folder or zip: colonnade check my-course')
  }
  const found = await stat(path).catch(() => undefined)
  if (!found) throw new SettingsError(`There is no ${path}.`)
  for (const line of await findingsIn(path, found.isDirectory())) say(line)
}

/** @throws SettingsError with file, line and how to mend it when the folder is no course */
async function findingsIn(path: string, isFolder: boolean): Promise<string[]> {
  try {
    const files = isFolder ? await readFolder(path) : await readZip(await readFile(path))
    const { course, report } = await readCourse(files)
    const losses = report.filter(({ outcome }) => outcome !== 'exact')
    const lessons = course.modules.flatMap((module) => module.lessons)
    const questions = lessons.flatMap(({ quizzes }) => quizzes.flatMap((quiz) => quiz.questions))
    return [
      ...losses.map(
        ({ outcome, file, line, element, why }) =>
          `  ${outcome.padEnd(12)} ${file}:${line}  ${element}: ${why}`,
      ),
      `${course.title}: ${lessons.length} lessons, ${questions.length} questions, ${losses.length} losses. It can be imported.`,
    ]
  } catch (error) {
    if (error instanceof CourseError) {
      throw new SettingsError([error, ...error.others].map(({ message }) => message).join('\n'))
    }
    throw error
  }
}
