import { lstat, readdir, readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { CourseError } from '../errors.ts'
import { checkSize, isIgnored, limits, safePath } from './paths.ts'

/**
 * Reads a folder into a map from relative paths to bytes. Symbolic links are refused, so that an
 * import never takes a file from outside; `.git` and the like are passed over.
 */
export async function readFolder(path: string): Promise<Map<string, Uint8Array>> {
  const root = await rootOf(path)
  const files = new Map<string, Uint8Array>()
  let bytes = 0
  const walk = async (folder: string): Promise<void> => {
    const names = await readdir(join(root, folder), { withFileTypes: true })
    for (const entry of names.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (isIgnored(name)) continue
      if (entry.isSymbolicLink()) {
        throw new CourseError(
          { file: name },
          'It is a symbolic link.',
          'Replace it by the file itself.',
        )
      }
      if (entry.isDirectory()) await walk(name)
      if (!entry.isFile()) continue
      const { size } = await lstat(join(root, name))
      bytes += size
      checkSize(name, files.size + 1, bytes)
      if (size > limits.fileBytes) {
        throw new CourseError(
          { file: name },
          'The file is larger than 128 MiB.',
          'Link to it elsewhere.',
        )
      }
      files.set(safePath(name), await readFile(join(root, name)))
    }
  }
  await walk('')
  return files
}

async function rootOf(path: string): Promise<string> {
  try {
    const root = await realpath(path)
    if ((await lstat(root)).isDirectory()) return root
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
  }
  throw new CourseError({ file: path }, 'There is no such folder.', 'Name the folder of a course.')
}
