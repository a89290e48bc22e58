import { BackupError } from './manifest.ts'

/** A file in the archive; its bytes come from `body`, which has to be read to its end before the next entry. */
export type Entry = { name: string; size: number; body: AsyncIterable<Uint8Array> }

const block = 512

/** A file as `tar` reads it (ustar). @throws when the name is longer than 255 bytes of ASCII can say */
export function* pack(name: string, bytes: Uint8Array): Iterable<Uint8Array> {
  yield header(name, bytes.length)
  yield bytes
  const rest = bytes.length % block
  if (rest > 0) yield new Uint8Array(block - rest)
}

/** What ends an archive. */
export const end = new Uint8Array(2 * block)

function header(name: string, size: number): Uint8Array {
  const bytes = Buffer.alloc(block)
  const cut = name.length > 100 ? name.indexOf('/', name.length - 101) : -1
  const short = name.slice(cut + 1)
  const prefix = cut > 0 ? name.slice(0, cut) : ''
  if (short.length > 100 || prefix.length > 155 || !isName(name)) {
    throw new BackupError(`${name} is no name that an archive can hold.`)
  }
  bytes.write(short, 0)
  bytes.write('0000600\0', 100)
  bytes.write('0000000\0', 108)
  bytes.write('0000000\0', 116)
  bytes.write(`${size.toString(8).padStart(11, '0')}\0`, 124)
  bytes.write('00000000000\0', 136)
  bytes.write('ustar\x0000', 257)
  bytes.write('0', 156)
  bytes.write(prefix, 345)
  bytes.write(`${checksum(bytes).toString(8).padStart(6, '0')}\0 `, 148)
  return bytes
}

/** A path below the folder that an archive is unpacked in, whoever made it: anybody can encrypt for a recipient. */
const isName = (name: string) =>
  /^[ -~]+$/.test(name) && name.split('/').every((part) => !['', '.', '..'].includes(part))

/** Sum of all bytes, its own field counted as spaces. */
function checksum(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 32 : byte), 0)
}

/** The entries of an archive, one after the other. @throws BackupError where it is cut short or no archive */
export async function* unpack(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Entry> {
  const source = chunks[Symbol.asyncIterator]()
  let held: Uint8Array = new Uint8Array()
  const some = async (most: number): Promise<Uint8Array> => {
    while (held.length === 0) {
      const { value, done } = await source.next()
      if (done) throw new BackupError('The backup is cut short.')
      held = value
    }
    const part = held.subarray(0, most)
    held = held.subarray(part.length)
    return part
  }
  async function* take(size: number): AsyncGenerator<Uint8Array> {
    for (let left = size; left > 0; ) {
      const part = await some(left)
      left -= part.length
      yield part
    }
  }
  for (;;) {
    const head = await together(take(block))
    if (head.every((byte) => byte === 0)) break
    const text = (from: number, to: number) =>
      head.toString('latin1', from, to).replace(/\0.*$/s, '')
    if (Number.parseInt(text(148, 156), 8) !== checksum(head)) {
      throw new BackupError('This is no backup of Colonnade, or it is damaged.')
    }
    const name = [text(345, 500), text(0, 100)].filter(Boolean).join('/')
    const size = Number.parseInt(text(124, 136), 8)
    if (!isName(name) || !(size >= 0)) {
      throw new BackupError(`This is no backup of Colonnade: it holds “${name}”.`)
    }
    yield { name, size, body: take(size) }
    await together(take((block - (size % block)) % block))
  }
  // To the very end, so that a file that was cut or lengthened there is noticed.
  while (!(await source.next()).done);
}

/** All bytes of a stream that is known to be small. */
export async function together(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of chunks) parts.push(part)
  return Buffer.concat(parts)
}
