import { Problem } from './problem.ts'

/** The entity tag of a version. */
export const etagOf = (version: number) => `"${version}"`

const tagsIn = (header: string) => header.split(',').map((tag) => tag.trim())

/** Whether the client has this version already (If-None-Match, compared weakly): answer 304. */
export function hasVersion(request: Request, version: number): boolean {
  const header = request.headers.get('if-none-match')
  if (!header) return false
  return tagsIn(header).some((tag) => tag === '*' || tag.replace(/^W\//, '') === etagOf(version))
}

/**
 * Whether If-Match allows changing this version; a weak tag never does.
 * @param required whether leaving it out is an error
 * @throws Problem 428 when it is left out, 412 when what is there is another version
 */
export function requireVersion(request: Request, version: number, required = true): void {
  const header = request.headers.get('if-match')
  if (header === null) {
    if (!required) return
    throw new Problem(428, 'Send If-Match with the ETag you last read.')
  }
  if (tagsIn(header).some((tag) => tag === '*' || tag === etagOf(version))) return
  throw new Problem(412, 'Read it again, then change what you read.')
}

/** Documents the two headers. */
export const ifMatch = { 'If-Match': { description: 'The ETag last read, or *', required: true } }
export const ifNoneMatch = {
  'If-None-Match': { description: 'An ETag read before: 304 if current' },
}
