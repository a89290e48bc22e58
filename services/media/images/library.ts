import { createHash } from 'node:crypto'
import { availableParallelism } from 'node:os'
import type { Sql } from '@colonnade/db'
import { Problem } from '@colonnade/http'
import {
  type Image,
  type VariantFormat,
  variantFormats,
  variantTypes,
  variantWidths,
} from '../contract.ts'
import { deleteImage, findImage, type ImageRow, putImage } from '../queries.ts'
import { type Storage, StorageAway } from '../storage/storage.ts'
import { endPictures, makeVariant } from './apart.ts'
import { clean, formatOf } from './clean.ts'
import { Flights } from './flights.ts'
import { Turns } from './turns.ts'

/** Counts up when cleaning changes: the same bytes then are another image, cleaned the new way. */
const generation = 1

const idOf = (bytes: Uint8Array, owner: string | undefined) =>
  createHash('sha256')
    .update(`colonnade image ${generation}\n${owner ? `of ${owner}\n` : ''}`)
    .update(bytes)
    .digest('hex')
    .slice(0, 40)

const keyOf = (id: string, file: string) => `${id.slice(0, 2)}/${id}/${file}`
/** The type of an original by the end of its key. */
export const typeOfOriginal = (key: string) =>
  key.endsWith('.svg') ? 'image/svg+xml' : key.endsWith('.png') ? 'image/png' : 'image/jpeg'
/** Where the cleaned original lies, which every variant can be made from again. */
export const originalKey = ({ id, mime }: Pick<ImageRow, 'id' | 'mime'>) =>
  keyOf(id, `original.${mime === 'image/svg+xml' ? 'svg' : mime === 'image/png' ? 'png' : 'jpg'}`)

/** How many images may wait to have their variants made ahead of the first request. */
const aheadAtMost = 200

/** Every format an image is answered in: JPEG too where the fallback is PNG, for who asks for nothing else. */
const formatsOf = (image: Image): VariantFormat[] =>
  image.kind === 'svg' ? [] : [...new Set<VariantFormat>([...variantFormats(image), 'jpg'])]

/** Images: taken in, delivered, removed. The database knows what there is, the storage holds the bytes. */
export class Library {
  private readonly turns = new Turns(Math.min(2, Math.max(1, availableParallelism() - 1)))
  private readonly arriving = new Flights<ImageRow>()
  private readonly making = new Flights<Uint8Array<ArrayBuffer> | undefined>()
  private readonly ahead: ImageRow[] = []
  private readonly closing = new AbortController()
  private busyAhead = false

  constructor(
    private readonly sql: Sql,
    private readonly storage: Storage,
    private readonly report: (error: unknown) => void,
  ) {}

  /**
   * Takes an image in. The same bytes are the same image.
   * @param options.declared the media type its sender said it has, if any
   * @param options.owner the person whose photo it is, and who else's the same bytes are not; a drawing is none
   * @throws Problem 415 or 422 for what is no image we accept
   */
  async put(
    bytes: Uint8Array,
    { name, declared, owner }: { name: string; declared?: string; owner?: string },
  ): Promise<{ image: ImageRow; fresh: boolean }> {
    const format = formatOf(bytes, declared)
    if (owner && format === 'svg+xml') {
      throw new Problem(415, 'A photo is a PNG, JPEG, WebP, AVIF or GIF.')
    }
    const id = idOf(bytes, owner)
    const known = await this.findWhole(id)
    if (known) return { image: known, fresh: false }
    const image = await this.arriving.join(id, () =>
      this.turns.run(async () => {
        const { bytes: cleaned, ...facts } = await clean(bytes, format)
        const row = { id, name, ...facts, bytes: cleaned.byteLength }
        // Bytes first: a row never points at nothing.
        await this.storage.write(originalKey(row), cleaned, row.mime)
        return await putImage(this.sql, row, owner)
      }),
    )
    if (!owner) this.makeAhead(image)
    return { image, fresh: true }
  }

  /** The image with this id, if its bytes are there too: what was lost is healed by sending it again. */
  private async findWhole(id: string): Promise<ImageRow | undefined> {
    const row = await findImage(this.sql, id)
    return row && (await this.storage.has(originalKey(row))) ? row : undefined
  }

  /** An SVG's bytes, or undefined. What is kept is served without asking the database. */
  async svg(id: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const kept = await this.storage.read(originalKey({ id, mime: 'image/svg+xml' }))
    if (kept) return kept
    const row = await findImage(this.sql, id)
    if (row?.kind === 'svg') throw new StorageAway(new Error(`the storage has lost ${id}`))
    return undefined
  }

  /** A variant's bytes, made now if nobody asked before; undefined where there is no such variant. */
  async variant(
    id: string,
    width: number,
    format: VariantFormat,
    { last = false } = {},
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const key = keyOf(id, `${width}.${format}`)
    const kept = await this.storage.read(key)
    if (kept) return kept
    const row = await findImage(this.sql, id)
    if (!row || !variantWidths(row).includes(width) || !formatsOf(row).includes(format)) {
      return undefined
    }
    return await this.making.join(key, () =>
      this.turns.run(() => this.make(row, key, width, format), { last }),
    )
  }

  private async make(row: ImageRow, key: string, width: number, format: VariantFormat) {
    const original = await this.storage.read(originalKey(row))
    if (!original) throw new StorageAway(new Error(`the storage has lost ${row.id}`))
    const made = await makeVariant(original, { width, format, drawn: row.fallback === 'png' })
    await this.storage.write(key, made, variantTypes[format])
    // Removed while it was made: it must not come back.
    if (!(await findImage(this.sql, row.id))) {
      await this.storage.remove([key])
      return undefined
    }
    return made
  }

  /**
   * Variants are made on the first request anyway, so this needs no queue that survives: whatever is dropped here or
   * lost in a restart is made when somebody looks.
   */
  private makeAhead(image: ImageRow): void {
    if (image.kind === 'svg' || this.ahead.length >= aheadAtMost) return
    this.ahead.push(image)
    if (!this.busyAhead) void this.workAhead()
  }

  private async workAhead(): Promise<void> {
    this.busyAhead = true
    for (let image = this.ahead.shift(); image; image = this.ahead.shift()) {
      for (const width of variantWidths(image)) {
        for (const format of variantFormats(image)) {
          if (this.closing.signal.aborted) return
          await this.variant(image.id, width, format, { last: true }).catch(this.report)
        }
      }
    }
    this.busyAhead = false
  }

  /** Removes an image and everything made of it; whether there was one. */
  async remove(id: string): Promise<boolean> {
    const row = await findImage(this.sql, id)
    if (!row) return false
    const variants = variantWidths(row).flatMap((width) =>
      formatsOf(row).map((format) => keyOf(id, `${width}.${format}`)),
    )
    // Bytes first: if the storage is away half-way, the row remains and removing can be tried again.
    await this.storage.remove([...variants, originalKey(row)])
    await deleteImage(this.sql, id)
    // Once more for what was being made meanwhile, and still found its row.
    await this.storage.remove(variants)
    return true
  }

  close(): void {
    this.closing.abort()
    endPictures()
  }
}
