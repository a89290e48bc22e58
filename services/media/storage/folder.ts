import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Storage, StorageAway } from './storage.ts'

/** Keeps bytes in a folder, each key a file. */
export function folderStorage(root: string): Storage {
  return {
    async read(key) {
      return await orAbsent(readFile(join(root, key)))
    },
    async has(key) {
      return (await orAbsent(stat(join(root, key)))) !== undefined
    },
    async write(key, bytes) {
      const path = join(root, key)
      const draft = `${path}.${randomUUID()}.tmp`
      try {
        await mkdir(dirname(path), { recursive: true })
        await writeDurably(draft, bytes)
        await rename(draft, path)
        await syncFolder(dirname(path))
      } catch (error) {
        await rm(draft, { force: true }).catch(() => {})
        throw new StorageAway(error)
      }
    },
    async remove(keys) {
      try {
        for (const key of keys) await rm(join(root, key), { force: true })
      } catch (error) {
        throw new StorageAway(error)
      }
      // A folder that is not empty stays: a half-written draft may be another request's.
      for (const folder of new Set(keys.map((key) => dirname(join(root, key))))) {
        await rmdir(folder).catch(() => {})
      }
    },
  }
}

async function orAbsent<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw new StorageAway(error)
  }
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o640)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** A rename survives a power cut only when its folder was synced too; not every system lets folders be opened. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined)
  await folder?.sync().catch(() => {})
  await folder?.close()
}
