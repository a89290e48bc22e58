import { hash } from 'node:crypto'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import type { Piece } from './piece.ts'
import { replaceFile } from './replace-file.ts'

const gatherMs = 100

type Kept = { key: string; piece: Piece; savedAt: string }

/**
 * Last good copies on disk: one small file per fragment, under COLONNADE_DATA, so that a restarted proxy with dead
 * services still has its pages. Written behind the answer, replaced whole, never half.
 */
export class Copies {
  /** What is on disk already, so that a re-render that changed nothing writes nothing. */
  private readonly written = new LRUCache<string, { digest: string; lookedAt: number }>({
    maxSize: 20_000,
    sizeCalculation: () => 1,
  })
  private readonly waiting = new Map<string, Piece>()
  private writing: Promise<void> | undefined

  constructor(
    private readonly folder: string,
    private readonly onError: (error: unknown) => void,
  ) {}

  /**
   * Written soon, not now: a page that is made again and again is looked at a few times a second. One that is what it was
   * is let go at once, since what is held for a tenth of a second is moved twice by the garbage collector.
   */
  keep(key: string, piece: Piece): void {
    const known = this.written.get(key)
    const now = performance.now()
    if (known && !this.waiting.has(key) && now - known.lookedAt > gatherMs) {
      known.lookedAt = now
      if (known.digest === digestOf(piece)) return
    }
    this.waiting.set(key, piece)
    this.writing ??= delay(gatherMs)
      .then(() => this.writeAll())
      .finally(() => {
        this.writing = undefined
      })
  }

  /** The copy for a key; undefined when there is none, or none that can be read. */
  async find(key: string): Promise<Piece | undefined> {
    const waiting = this.waiting.get(key)
    if (waiting) return waiting
    try {
      const kept = JSON.parse(await readFile(this.fileOf(key), 'utf8')) as Kept
      return kept.key === key ? kept.piece : undefined
    } catch {
      return undefined
    }
  }

  /** Deletes every copy that `chosen` names. @returns how many */
  async remove(chosen: (kept: Kept) => boolean): Promise<number> {
    await this.flushed()
    // Another process may have deleted the files already: what is on disk is not known any more.
    this.written.clear()
    let gone = 0
    for (const name of await readdir(this.folder, { recursive: true }).catch(() => [])) {
      if (!name.endsWith('.json')) continue
      const file = join(this.folder, name)
      const kept = JSON.parse(await readFile(file, 'utf8').catch(() => 'null')) as Kept | null
      if (!kept || !chosen(kept)) continue
      await rm(file, { force: true })
      gone++
    }
    return gone
  }

  /** Resolves when all that was kept so far is on disk. */
  async flushed(): Promise<void> {
    await this.writing
  }

  private async writeAll(): Promise<void> {
    for (;;) {
      const next = this.waiting.entries().next()
      if (next.done) return
      const [key, piece] = next.value
      const digest = digestOf(piece)
      try {
        if (this.written.get(key)?.digest !== digest) await this.write(key, piece)
        this.written.set(key, { digest, lookedAt: performance.now() })
      } catch (error) {
        // A full disk costs the copy, not the page.
        this.onError(error)
      }
      if (this.waiting.get(key) === piece) this.waiting.delete(key)
    }
  }

  private async write(key: string, piece: Piece): Promise<void> {
    const kept: Kept = { key, piece, savedAt: new Date().toISOString() }
    await replaceFile(this.fileOf(key), JSON.stringify(kept))
  }

  private fileOf(key: string): string {
    const name = hash('sha256', key)
    return join(this.folder, name.slice(0, 2), `${name.slice(2, 34)}.json`)
  }
}

/** Told apart by what it says; as JSON, a section would take longer to write than to make. */
function digestOf(piece: Piece): string {
  const { html = '', ...rest } = { html: undefined, ...piece }
  return hash('sha256', JSON.stringify(rest) + html, 'base64')
}
