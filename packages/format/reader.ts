import { buffer } from 'node:stream/consumers'
import { CourseError } from './errors.ts'
import { readZip } from './folder/zip.ts'

/** The process that `readCourseApart` starts: a zip on standard input, the course or its refusal on standard output. */
async function read(): Promise<object> {
  try {
    const files = await readZip(await buffer(process.stdin))
    // Only now: a bomb is refused before the grammars are loaded, which take longer than to find it out.
    const { readCourse } = await import('./read.ts')
    return await readCourse(files)
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
