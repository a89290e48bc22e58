import { CourseError } from '../errors.ts'
import { checkSize, isIgnored, safePath } from './paths.ts'

/**
 * A folder as a browser sends it, file by file, under the rules that hold for archives: no path leads out of it, none is
 * there twice, and it has an end. What version control and systems leave lying about is passed over.
 * @throws CourseError naming the file
 */
export function collectFiles(
  sent: Iterable<readonly [path: string, bytes: Uint8Array]>,
): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>()
  let total = 0
  for (const [given, bytes] of sent) {
    if (isIgnored(given)) continue
    const path = safePath(given)
    if (files.has(path)) {
      throw new CourseError({ file: path }, 'It was sent twice.', 'Choose the folder again.')
    }
    total += bytes.byteLength
    checkSize(path, files.size + 1, total)
    files.set(path, bytes)
  }
  return files
}
