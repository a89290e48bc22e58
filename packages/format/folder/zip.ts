import yauzl, { type Entry, type ZipFile } from 'yauzl'
import yazl from 'yazl'
import { CourseError } from '../errors.ts'
import { checkSize, isIgnored, limits, safePath } from './paths.ts'

const file = 'archive.zip'
const refuse = (path: string, problem: string, mend: string) =>
  new CourseError({ file: path }, problem, mend)

/**
 * Reads a zip archive into a map from relative paths to bytes; a single folder around everything is
 * stripped. Refuses paths that lead out, symbolic links, encrypted or doubled entries, and whatever
 * grows beyond the limits while it is unpacked, whatever sizes the archive claims.
 */
export async function readZip(bytes: Uint8Array): Promise<Map<string, Uint8Array>> {
  try {
    const zip = await open(bytes)
    checkSize(file, zip.entryCount, 0)
    return stripTop(await entriesOf(zip))
  } catch (error) {
    if (error instanceof CourseError || !(error instanceof Error)) throw error
    throw refuse(
      file,
      `It cannot be unpacked: ${error.message.slice(0, 200)}.`,
      'Make the zip file again.',
    )
  }
}

const open = (bytes: Uint8Array): Promise<ZipFile> =>
  new Promise((resolve, reject) => {
    const options = { lazyEntries: true, validateEntrySizes: true, strictFileNames: true }
    yauzl.fromBuffer(Buffer.from(bytes), options, (error, zip) =>
      error ? reject(error) : resolve(zip),
    )
  })

function entriesOf(zip: ZipFile): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>()
  let total = 0
  const take = async (entry: Entry): Promise<void> => {
    if (entry.fileName.endsWith('/')) return
    const path = safePath(entry.fileName)
    if (isIgnored(path)) return
    if (files.has(path)) throw refuse(path, 'It is in the archive twice.', 'Keep one of them.')
    if (((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000) {
      throw refuse(path, 'It is a symbolic link.', 'Replace it by the file itself.')
    }
    if (entry.generalPurposeBitFlag & 1)
      throw refuse(path, 'It is encrypted.', 'Make the zip file without a password.')
    const content = await unpack(zip, entry, path)
    total += content.byteLength
    checkSize(path, files.size + 1, total)
    files.set(path, content)
  }
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      zip.close()
      reject(error)
    }
    zip.on('error', fail)
    zip.on('end', () => resolve(files))
    zip.on('entry', (entry: Entry) => take(entry).then(() => zip.readEntry(), fail))
    zip.readEntry()
  })
}

function unpack(zip: ZipFile, entry: Entry, path: string): Promise<Uint8Array> {
  const most = Math.min(
    limits.fileBytes,
    Math.max(1024 * 1024, entry.compressedSize * limits.ratio),
  )
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) return reject(error)
      const chunks: Buffer[] = []
      let size = 0
      stream.on('data', (chunk: Buffer) => {
        size += chunk.byteLength
        if (size > most) {
          stream.destroy(
            refuse(path, 'It unpacks to far more than its size.', 'Take it out of the archive.'),
          )
        } else chunks.push(chunk)
      })
      stream.on('error', reject)
      stream.on('end', () => resolve(new Uint8Array(Buffer.concat(chunks))))
    })
  })
}

/** `git-novice-main/config.yaml` → `config.yaml`, when everything is in that one folder. */
function stripTop(files: Map<string, Uint8Array>): Map<string, Uint8Array> {
  const tops = new Set([...files.keys()].map((path) => path.split('/')[0]))
  const [top] = tops
  const nested = [...files.keys()].every((path) => path.includes('/'))
  if (tops.size !== 1 || top === undefined || !nested) return files
  if (['episodes', 'learners', 'colonnade', 'instructors'].includes(top)) return files
  return new Map([...files].map(([path, content]) => [path.slice(top.length + 1), content]))
}

/**
 * Packs files; the same files make the same bytes, whenever and wherever they are packed.
 * @param compress false for an archive that is read again at once
 */
export function writeZip(
  files: ReadonlyMap<string, Uint8Array>,
  compress = true,
): Promise<Uint8Array> {
  const zip = new yazl.ZipFile()
  // local time, as the format stores it: the same bytes in every time zone
  const mtime = new Date(2000, 0, 1)
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1))
  for (const [path, content] of sorted) {
    const options = { mtime, mode: 0o100644, compress, forceDosTimestamp: true }
    zip.addBuffer(Buffer.from(content), safePath(path), options)
  }
  zip.end()
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    zip.outputStream.on('data', (chunk: Buffer) => chunks.push(chunk))
    zip.outputStream.on('error', reject)
    zip.outputStream.on('end', () => resolve(new Uint8Array(Buffer.concat(chunks))))
  })
}
