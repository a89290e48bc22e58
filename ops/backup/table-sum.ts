import { createHash } from 'node:crypto'

const size = 2n ** 128n

/** Counts rows of COPY text and adds up a hash of each, so that their order does not matter and every byte does. */
export class TableSum {
  rows = 0
  private sum = 0n
  private begun: Buffer[] = []

  add(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
    let from = 0
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, from)) {
      this.row(bytes.subarray(from, at))
      from = at + 1
    }
    if (from < bytes.length) this.begun.push(Buffer.from(bytes.subarray(from)))
  }

  private row(last: Buffer): void {
    const hash = createHash('sha256')
    for (const part of this.begun) hash.update(part)
    this.begun = []
    const digest = hash.update(last).digest()
    this.sum = (this.sum + ((digest.readBigUInt64BE(0) << 64n) | digest.readBigUInt64BE(8))) % size
    this.rows++
  }

  /** 32 hexadecimal digits. */
  get value(): string {
    return this.sum.toString(16).padStart(32, '0')
  }

  /** Whether the last row came whole. */
  get whole(): boolean {
    return this.begun.length === 0
  }
}
