import { collectFiles, writeZip } from '@colonnade/format'
import { readBody } from '@colonnade/http'
import { largestArchive } from '../publishing/importer.ts'

/** What a form adds to the files it sends. */
const spare = 1024 * 1024

export type Sent = {
  /** The archive; of a folder that was sent file by file, one made of it. Undefined when nothing was chosen. */
  zip: Uint8Array | undefined
  /** The slug of the course that it is a new version of. */
  course: string | undefined
}

/**
 * Reads the form of an upload: an archive (`zip`), or the files of a folder (`folder`), each with its path as its name.
 * @throws Problem 413, and CourseError for a path that leads out of the folder
 */
export async function readSent(request: Request): Promise<Sent> {
  const nothing = { zip: undefined, course: undefined }
  const type = request.headers.get('content-type') ?? ''
  if (!/^multipart\/form-data\b/i.test(type)) return nothing
  const bytes = await readBody(request, largestArchive + spare)
  const form = await new Response(new Uint8Array(bytes), { headers: { 'Content-Type': type } })
    .formData()
    // Cut off on its way, or made by no browser.
    .catch(() => undefined)
  if (!form) return nothing
  const course = form.get('course')
  const chosen = (name: string) =>
    form.getAll(name).filter((one) => typeof one !== 'string' && one.name !== '')
  const files = (name: string) => chosen(name).filter((one) => one instanceof File)
  const [archive] = files('zip')
  const zip = archive
    ? new Uint8Array(await archive.arrayBuffer())
    : await archiveOf(files('folder'))
  return { zip, course: typeof course === 'string' && course !== '' ? course : undefined }
}

async function archiveOf(files: readonly File[]): Promise<Uint8Array | undefined> {
  if (files.length === 0) return undefined
  const read = await Promise.all(
    files.map(async (file) => [file.name, new Uint8Array(await file.arrayBuffer())] as const),
  )
  return await writeZip(collectFiles(read), false)
}
