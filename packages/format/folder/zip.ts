import { buffer } from 'node:stream/consumers'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import yazl from 'yazl'
import { CourseError } from '../errors.ts'
import { checkSize, isIgnored, limits, safePath } from './paths.ts'

const file = 'archive.zip'
const refuse = (path: string, problem: string, mend: string) =>
  new CourseError({ file: path }, problem, mend)

/**
 * Reads a zip archive into a map from relative paths to bytes; a single folder around everything is
 * stripped. Refuses paths that lead out, symbolic links, encrypted or doubled entries, what claims to grow beyond the
 * limits, and what grows beyond its claim.
 */
export async function readZip(bytes: Uint8Array): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>()
  await eachFile(bytes, async (zip, entry, path) => {
    files.set(path, await unpack(zip, entry))
  })
  return stripTop(files)
}

/** Refuses what `readZip` refuses by its directory alone: nothing is unpacked, so this costs little, whatever comes. */
export const checkZip = (bytes: Uint8Array): Promise<void> => eachFile(bytes, async () => {})

async function eachFile(
  bytes: Uint8Array,
  take: (zip: ZipFile, entry: Entry, path: string) => Promise<void>,
): Promise<void> {
  try {
    const zip = await open(bytes)
    checkSize(file, zip.entryCount, 0)
    const check = claims()
    await new Promise<void>((resolve, reject) => {
      const fail = (error: unknown) => {
        zip.close()
        reject(error)
      }
      const next = async (entry: Entry) => {
        const path = check(entry)
        if (path !== undefined) await take(zip, entry, path)
      }
      zip.on('error', fail)
      zip.on('end', resolve)
      zip.on('entry', (entry: Entry) => next(entry).then(() => zip.readEntry(), fail))
      zip.readEntry()
    })
  } catch (error) {
    if (error instanceof CourseError || !(error instanceof Error)) throw error
    throw refuse(
      file,
      `It cannot be unpacked: ${error.message.slice(0, 200)}.`,
      'Make the zip file again.',
    )
  }
}

/** Checks one entry after the other by what the archive says of it. @returns its path; none for what is left out */
function claims(): (entry: Entry) => string | undefined {
  const seen = new Set<string>()
  let total = 0
  return (entry) => {
    if (entry.fileName.endsWith('/')) return undefined
    const path = safePath(entry.fileName)
    if (isIgnored(path)) return undefined
    if (seen.has(path)) throw refuse(path, 'It is in the archive twice.', 'Keep one of them.')
    if (((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000) {
      throw refuse(path, 'It is a symbolic link.', 'Replace it by the file itself.')
    }
    if (entry.generalPurposeBitFlag & 1)
      throw refuse(path, 'It is encrypted.', 'Make the zip file without a password.')
    const { compressedSize, uncompressedSize } = entry
    const most = Math.min(limits.fileBytes, Math.max(1024 * 1024, compressedSize * limits.ratio))
    if (uncompressedSize > most) {
      const problem = 'It unpacks to far more than its size.'
      throw refuse(path, problem, 'Take it out of the archive.')
    }
    seen.add(path)
    total += uncompressedSize
    checkSize(path, seen.size, total)
    return path
  }
}

const open = (bytes: Uint8Array): Promise<ZipFile> =>
  new Promise((resolve, reject) => {
    const options = { lazyEntries: true, validateEntrySizes: true, strictFileNames: true }
    yauzl.fromBuffer(Buffer.from(bytes), options, (error, zip) =>
      error ? reject(error) : resolve(zip),
    )
  })

/** What grows beyond the size that the archive claims fails: `validateEntrySizes`. */
function unpack(zip: ZipFile, entry: Entry): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) reject(error)
      else buffer(stream).then((content) => resolve(new Uint8Array(content)), reject)
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
