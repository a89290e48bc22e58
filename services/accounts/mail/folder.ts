import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { KeptFiles } from '@colonnade/http'
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
  /** Removes all that went to an address. */
  removeTo(recipient: string): Promise<void>
}

/** The letters as files, for backups. */
type KeptLetters = Omit<KeptFiles, 'list'> & { list(): AsyncIterable<string> }

export function mailFolder(path: string): MailFolder & { files: KeptLetters } {
  /** Names of the letters' files; they begin with the time. */
  async function names(): Promise<string[]> {
    const all = await readdir(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []
      throw error
    })
    return all.filter((name) => name.endsWith('.json')).sort()
  }
  const letterIn = async (name: string) =>
    kept.parse(JSON.parse(await readFile(join(path, name), 'utf8')))
  /** A letter may have been removed since its name was read. */
  const unlessGone = (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
  /** They let people sign in, so nobody else on this machine may read them. */
  async function write(name: string, content: string | Uint8Array): Promise<void> {
    await mkdir(path, { recursive: true, mode: 0o700 })
    const file = join(path, name)
    await writeFile(`${file}.part`, content, { mode: 0o600 })
    await rename(`${file}.part`, file)
  }
  return {
    async put({ id, recipient, subject, body }) {
      const letter = { recipient, subject, body, at: new Date().toISOString() }
      await write(`${id}.json`, JSON.stringify(letter, null, 2))
    },
    async list(limit) {
      const newest = (await names()).reverse().slice(0, limit)
      const letters = await Promise.all(
        newest.map(async (name) => {
          const letter = await letterIn(name).catch(unlessGone)
          return letter && { id: name.replace('.json', ''), ...letter }
        }),
      )
      return letters.filter((letter) => letter !== undefined)
    },
    async removeTo(recipient) {
      for (const name of await names()) {
        const letter = await letterIn(name).catch(unlessGone)
        if (letter?.recipient === recipient) await rm(join(path, name), { force: true })
      }
    },
    files: {
      async *list() {
        yield* await names()
      },
      read: async (name) => await readFile(join(path, name)).catch(unlessGone),
      write,
    },
  }
}
