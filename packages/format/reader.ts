import { buffer } from 'node:stream/consumers'
import { CourseError } from './errors.ts'
import { readZip } from './folder/zip.ts'
import { readCourse } from './read.ts'

/** The process that `readCourseApart` starts: a zip on standard input, the course or its refusal on standard output. */
async function read(): Promise<object> {
  try {
    return await readCourse(await readZip(await buffer(process.stdin)))
  } catch (error) {
    if (!(error instanceof CourseError)) throw error
    const { file, line, problem, mend } = error
    return { refused: { file, line, problem, mend } }
  }
}

process.stdout.write(JSON.stringify(await read()))
