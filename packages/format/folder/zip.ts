import { promisify } from 'node:util'
import { crc32, inflateRaw } from 'node:zlib'
import yauzl, { type Entry } from 'yauzl'
import yazl from 'yazl'
import { CourseError } from '../errors.ts'
import { checkSize, isIgnored, limits, safePath } from './paths.ts'

type Content = Uint8Array<ArrayBuffer>

/** A file of an archive, by its claims, and how its content is had. */
type Packed = { path: string; size: number; unpack(): Promise<Content> }

const file = 'archive.zip'
const refuse = (path: string, problem: string, mend: string) =>
  new CourseError({ file: path }, problem, mend)
const again = 'Make the zip file again.'

/**
 * Reads a zip archive into a map from relative paths to bytes; a single folder around everything is
 * stripped. Refuses paths that lead out, symbolic links, encrypted or doubled entries, what claims to grow beyond the
 * limits, what grows beyond its claim, and what is damaged.
 */
export async function readZip(bytes: Uint8Array): Promise<Map<string, Content>> {
  const files = new Map<string, Content>()
  await eachFile(bytes, async ({ path, unpack }) => {
    files.set(path, await unpack())
  })
  return stripTop(files)
}

/**
 * Refuses what `readZip` refuses by its directory, and what claims to be little and is not: files are unpacked, and
 * thrown away, while their claims are at most `tried` bytes together. So this costs little, whatever comes: a fifth of
 * a second for 64 MiB, in another thread.
 */
export async function checkZip(bytes: Uint8Array, tried = 64 * 1024 * 1024): Promise<void> {
  let left = tried
  await eachFile(bytes, async ({ size, unpack }) => {
    if (size > left) return
    left -= size
    await unpack()
  })
}

async function eachFile(bytes: Uint8Array, take: (file: Packed) => Promise<void>): Promise<void> {
  try {
    const archive = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const options = { lazyEntries: true, strictFileNames: true }
    const zip = await yauzl.fromBufferPromise(archive, options)
    checkSize(file, zip.entryCount, 0)
    const check = claims()
    for await (const entry of zip.eachEntry()) {
      const path = check(entry)
      if (path === undefined) continue
      const unpack = async () => {
        const { fileDataStart: from } = await zip.readLocalFileHeaderPromise(entry, {
          minimal: true,
        })
        return await unpackFile(path, entry, archive.subarray(from, from + entry.compressedSize))
      }
      await take({ path, size: entry.uncompressedSize, unpack })
    }
  } catch (error) {
    if (error instanceof CourseError || !(error instanceof Error)) throw error
    throw refuse(file, `It cannot be unpacked: ${error.message.slice(0, 200)}.`, again)
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

const inflate = promisify(inflateRaw)

/** @param packed stored (method 0 of APPNOTE 6.3, 4.4.5) or deflated (8) */
async function unpackFile(
  path: string,
  { compressionMethod: method, uncompressedSize: size, crc32: sum }: Entry,
  packed: Buffer,
): Promise<Content> {
  if (method !== 0 && method !== 8) {
    const problem = 'It is packed by a method that is not read here.'
    throw refuse(path, problem, 'Make the zip file with the usual one, “deflate”.')
  }
  const content = method === 0 ? new Uint8Array(packed) : await grow(path, packed, size)
  if (content.length !== size || crc32(content) !== sum) throw refuse(path, 'It is damaged.', again)
  return content
}

/** Inflates in few large steps: a bomb of 30 MB, found out in steps of 16 KiB, takes ten times as long. */
async function grow(path: string, packed: Buffer, size: number): Promise<Content> {
  const chunkSize = Math.min(Math.max(size + 1, 64), 1024 * 1024)
  try {
    const options = { chunkSize, maxOutputLength: size + 1 }
    const { buffer, byteOffset, length } = await inflate(packed, options)
    return new Uint8Array(buffer, byteOffset, length)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw refuse(path, 'It unpacks to more than the archive says.', again)
  }
}

/** `git-novice-main/config.yaml` → `config.yaml`, when everything is in that one folder. */
function stripTop(files: Map<string, Content>): Map<string, Content> {
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
