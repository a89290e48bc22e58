import { createHash } from 'node:crypto'

/** Numbers that look random and are the same for the same seed, kind of thing and index, on every machine. */
export class Random {
  private readonly origin: number
  private state = 0
  private drawn = 0
  private index = 0

  constructor(
    private readonly seed: number,
    private readonly kind: string,
    index: number,
  ) {
    this.origin = mix(mix(seed ^ 0x9e3779b9) ^ hashOf(kind))
    this.aim(index)
  }

  /** Begins the numbers of another index, as a new one would; millions of them need not be made. */
  aim(index: number): this {
    this.index = index
    this.drawn = 0
    this.state = this.origin ^ mix(index + 0x85ebca6b)
    return this
  }

  /** From 0 up to, but not including, 1. */
  next(): number {
    this.state = (this.state + 0x9e3779b9) | 0
    return (mix(this.state) >>> 0) / 4294967296
  }

  /** An integer from `from` to `to`, both included. */
  between(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1))
  }

  /** An integer from 0 up to, but not including, `count`. */
  below(count: number): number {
    return Math.floor(this.next() * count)
  }

  chance(share: number): boolean {
    return this.next() < share
  }

  pick<T>(list: readonly T[]): T {
    const found = list[this.below(list.length)]
    if (found === undefined) throw new Error('There is nothing to pick from.')
    return found
  }

  /** A UUID of version 4: from a hash of where it stands, since 32 bits of state would meet again. */
  uuid(): string {
    const hex = createHash('sha256')
      .update(`${this.seed} ${this.kind} ${this.index} ${this.drawn++}`)
      .digest('hex')
    const variant = '89ab'[Number.parseInt(hex[16] ?? '0', 16) % 4]
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
  }
}

/** The finisher of MurmurHash3: every bit of the input moves every bit of the output. */
function mix(value: number): number {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

function hashOf(text: string): number {
  let hash = 7
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash, 31) + text.charCodeAt(i)
  return hash | 0
}
