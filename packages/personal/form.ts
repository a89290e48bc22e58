import { Problem, readBody } from '@colonnade/http'

/** What a form sent: its fields, and the files that were chosen. */
export type SentForm = { fields: URLSearchParams; files: readonly { field: string; file: File }[] }

/**
 * Reads a form, as its fields alone or with files.
 * @param limit bytes that it may have in all
 * @throws Problem 413 beyond the limit, 400 when its parts cannot be told apart
 */
export async function readForm(request: Request, limit: number): Promise<SentForm> {
  const bytes = await readBody(request, limit)
  const type = request.headers.get('content-type') ?? ''
  if (!/^multipart\/form-data\b/i.test(type)) {
    return { fields: new URLSearchParams(new TextDecoder().decode(bytes)), files: [] }
  }
  const fields = new URLSearchParams()
  const files: { field: string; file: File }[] = []
  for (const [field, value] of await partsOf(bytes, type)) {
    if (typeof value === 'string') fields.append(field, value)
    // A browser sends a field for files that was left empty, too.
    else if (value.size > 0) files.push({ field, file: value })
  }
  return { fields, files }
}

async function partsOf(bytes: Uint8Array, type: string): Promise<FormData> {
  try {
    const headers = { 'Content-Type': type }
    return await new Response(new Uint8Array(bytes), { headers }).formData()
  } catch {
    throw new Problem(400, 'The form could not be read. Send it again.')
  }
}
