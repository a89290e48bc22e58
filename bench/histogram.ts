/** Values of a row of this many have a width of one; after that each row doubles it, so no value is off by 1 %. */
const row = 128
const rowBits = 7
const largest = 2 ** 31 - 1

/** A histogram as it travels between processes. */
export type HistogramData = { counts: [index: number, count: number][]; max: number; sum: number }

/**
 * Latencies in microseconds, in constant memory and with less than 1 % error at any size, as HdrHistogram does it
 * (logarithmic rows of linear buckets). Percentiles are never better than what was measured: a bucket counts as its
 * upper end.
 */
export class Histogram {
  private readonly counts = new Float64Array(row * 26)
  private total = 0
  private sum = 0
  private top = 0

  record(value: number, times = 1): void {
    const whole = Math.min(Math.max(0, Math.round(value)), largest)
    const index = indexOf(whole)
    this.counts[index] = (this.counts[index] ?? 0) + times
    this.total += times
    this.sum += whole * times
    if (whole > this.top) this.top = whole
  }

  get count(): number {
    return this.total
  }

  get max(): number {
    return this.top
  }

  get mean(): number {
    return this.total === 0 ? 0 : this.sum / this.total
  }

  /** The value that `percent` of all values do not exceed; 0 when there are none. */
  percentile(percent: number): number {
    const wanted = Math.max(1, Math.ceil((percent / 100) * this.total))
    let seen = 0
    for (const [index, count] of this.counts.entries()) {
      seen += count
      if (seen >= wanted) return Math.min(upperEnd(index), this.top)
    }
    return 0
  }

  add(other: HistogramData): this {
    for (const [index, count] of other.counts) {
      this.counts[index] = (this.counts[index] ?? 0) + count
      this.total += count
    }
    this.sum += other.sum
    this.top = Math.max(this.top, other.max)
    return this
  }

  toJSON(): HistogramData {
    const counts = [...this.counts.entries()].filter(([, count]) => count > 0)
    return { counts, max: this.top, sum: this.sum }
  }

  static from(data: HistogramData): Histogram {
    return new Histogram().add(data)
  }
}

function indexOf(value: number): number {
  const doubled = Math.max(0, 31 - Math.clz32(value) - rowBits)
  return doubled * row + (value >>> doubled)
}

function upperEnd(index: number): number {
  const doubled = Math.max(0, Math.floor(index / row) - 1)
  return (index - doubled * row + 1) * 2 ** doubled - 1
}
