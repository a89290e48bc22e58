import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Letter } from '../queries/mail.ts'

const kept = z.object({
  recipient: z.string(),
  subject: z.string(),
  body: z.string(),
  at: z.iso.datetime(),
})

export type KeptLetter = z.infer<typeof kept> & { id: string }

/** Where mails lie while there is no mail server: one JSON file each, for the operator to read in `/admin/mail`. */
export type MailFolder = {
  put(letter: Letter): Promise<void>
  /** The newest first. */
  list(limit: number): Promise<KeptLetter[]>
}

export function mailFolder(path: string): MailFolder {
  return {
    async put({ id, recipient, subject, body }) {
      await mkdir(path, { recursive: true, mode: 0o700 })
      const letter = { recipient, subject, body, at: new Date().toISOString() }
      const file = join(path, `${id}.json`)
      // They let people sign in, so nobody else on this machine may read them.
      await writeFile(`${file}.part`, JSON.stringify(letter, null, 2), { mode: 0o600 })
      await rename(`${file}.part`, file)
    },
    async list(limit) {
      const names = await readdir(path).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return []
        throw error
      })
      // Their names begin with the time.
      const newest = names
        .filter((name) => name.endsWith('.json'))
        .sort()
        .reverse()
        .slice(0, limit)
      return await Promise.all(
        newest.map(async (name) => ({
          id: name.replace('.json', ''),
          ...kept.parse(JSON.parse(await readFile(join(path, name), 'utf8'))),
        })),
      )
    },
  }
}
