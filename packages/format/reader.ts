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
    const refused = [error, ...error.others].map(({ file, line, problem, mend }) => ({
      file,
      line,
      problem,
      mend,
    }))
    return { refused }
  }
}

process.stdout.write(JSON.stringify(await read()))
