const limit = 128 * 1024
/** No row of a made-up person or part comes near it. */
const longestRow = 4096

const tab = 9
const newline = 10
const zero = 48
const dot = 46
const nothing = new Uint8Array()

/**
 * Rows in COPY's text format, written byte by byte into memory that is used again: millions of rows make no garbage.
 * Texts are given encoded and escaped.
 */
export class CopyText {
  private readonly bytes = Buffer.allocUnsafe(limit)
  private length = 0
  rows = 0

  /** Whether what is written should be sent before the next row. */
  get full(): boolean {
    return this.length > limit - longestRow
  }

  text(encoded: Uint8Array = nothing): this {
    const { bytes } = this
    let { length } = this
    // Words are short: a loop is faster than a call to copy them.
    for (let at = 0; at < encoded.length; at++) bytes[length++] = encoded[at] ?? 0
    this.length = length
    return this
  }

  /** A whole number that is not negative. */
  integer(value: number): this {
    let digits = 1
    for (let bound = 10; value >= bound; bound *= 10) digits++
    let rest = value
    for (let at = this.length + digits - 1; at >= this.length; at--) {
      const next = Math.floor(rest / 10)
      this.bytes[at] = zero + rest - next * 10
      rest = next
    }
    this.length += digits
    return this
  }

  /** A number given in hundredths, with its two decimals. */
  hundredths(value: number): this {
    this.integer(Math.floor(value / 100))
    this.bytes[this.length++] = dot
    const rest = value % 100
    this.bytes[this.length++] = zero + Math.floor(rest / 10)
    this.bytes[this.length++] = zero + (rest % 10)
    return this
  }

  tab(): this {
    this.bytes[this.length++] = tab
    return this
  }

  endRow(): void {
    this.bytes[this.length++] = newline
    this.rows++
  }

  /** What was written since the last call. It is overwritten by the next row: be done with it before. */
  take(): { bytes: Uint8Array; rows: number } {
    const taken = { bytes: this.bytes.subarray(0, this.length), rows: this.rows }
    this.length = 0
    this.rows = 0
    return taken
  }
}
