import { z } from 'zod'

/** What keeps a backup from being made, read or put back, in words for the person at the terminal. */
export class BackupError extends Error {}

/** The name of the last file in an archive, which says what all others must be. */
export const manifestName = 'manifest.json'

/** Grows when an older release could no longer read what a newer one writes. */
export const format = 1

const hash = z.string().regex(/^[0-9a-f]+$/)
const table = z.object({
  name: z.string(),
  columns: z.array(z.string()),
  rows: z.number(),
  /** See `TableSum`. */
  sum: hash,
  /** Files of the archive that hold its rows, one after the other. */
  parts: z.number(),
})

const manifest = z.object({
  format: z.number(),
  madeAt: z.string(),
  schemas: z.array(
    z.object({
      name: z.string(),
      migrations: z.array(z.object({ name: z.string(), sha256: hash })),
      tables: z.array(table),
      sequences: z.array(z.object({ name: z.string(), last: z.string(), called: z.boolean() })),
    }),
  ),
  files: z.array(z.object({ owner: z.string(), key: z.string(), bytes: z.number(), sha256: hash })),
})

export type Manifest = z.infer<typeof manifest>
export type SchemaState = Manifest['schemas'][number]

/** @throws BackupError when it is no manifest, or one of a newer release */
export function readManifest(text: string): Manifest {
  const json = parse(text)
  const { data } = z.object({ format: z.number() }).safeParse(json)
  if (data && data.format > format) {
    throw new BackupError(
      'A newer release of Colonnade made this backup. Use that release, or a newer one, to read it.',
    )
  }
  const read = manifest.safeParse(json)
  if (read.success) return read.data
  throw new BackupError('The list of what is in the backup cannot be read.')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
