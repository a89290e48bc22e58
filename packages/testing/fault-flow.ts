import type { Socket } from 'node:net'

/** What goes wrong in one direction; any of them together. Counts of bytes begin anew whenever faults are set. */
export type FlowFaults = {
  /** Milliseconds that everything comes late. */
  latency?: number
  /** Up to so many milliseconds more, chosen for each piece; the order stays. */
  jitter?: number
  /** Bytes a second, for each connection. */
  rate?: number
  /** The chance of each byte to arrive as another one, from 0 to 1. */
  garbage?: number
  /** Nothing passes and nobody is told; when the fault is lifted what was held back passes, as TCP would send it again. */
  blackHole?: boolean
  /** After so many bytes the connection ends in order, whatever was still to come. */
  truncate?: number
  /** After so many bytes the connection breaks with a reset; 0: in place of the first. */
  reset?: number
}

/** Bytes held back for one connection before its sender has to wait. */
const most = 1024 * 1024
/** With a rate, bytes leave in pieces of so many milliseconds. */
const pieceMs = 20

type Piece = { bytes: Buffer; due: number }

/** One direction of one connection: bytes leave in the order in which they came, late, changed, or never. */
export class Flow {
  private readonly queue: Piece[] = []
  private held = 0
  private passed = 0
  private due = 0
  private freeAt = 0
  private ended = false
  /** Nothing passes any more: stranded, or cut off. */
  private over = false
  private timer: NodeJS.Timeout | undefined

  constructor(
    private readonly from: Socket,
    private readonly to: Socket,
    private readonly faults: () => FlowFaults,
    private readonly random: () => number,
    private readonly saw: (bytes: Buffer) => void,
  ) {
    from.on('data', (bytes: Buffer) => this.take(bytes))
    from.on('end', () => {
      this.ended = true
      this.move()
    })
    from.on('close', () => clearTimeout(this.timer))
    to.on('drain', () => this.move())
  }

  /** The faults are others from now on. */
  changed(): void {
    this.passed = 0
    this.freeAt = 0
    this.move()
  }

  /** Never lets anything pass again, and says nothing. */
  strand(): void {
    this.over = true
  }

  private take(bytes: Buffer): void {
    this.saw(bytes)
    const { latency = 0, jitter = 0 } = this.faults()
    this.due = Math.max(this.due, performance.now() + latency + jitter * this.random())
    this.queue.push({ bytes, due: this.due })
    this.held += bytes.length
    if (this.held > most) this.from.pause()
    this.move()
  }

  /** Lets pass what may pass now, and comes back when the next piece may. */
  private move(): void {
    clearTimeout(this.timer)
    for (;;) {
      const faults = this.faults()
      if (this.over || faults.blackHole || this.to.destroyed) return
      const [next] = this.queue
      if (!next) {
        if (this.ended) this.to.end()
        return
      }
      if (this.to.writableNeedDrain) return
      const wait = Math.max(next.due, this.freeAt) - performance.now()
      if (wait > 0) {
        this.timer = setTimeout(() => this.move(), wait)
        return
      }
      this.send(next, faults)
    }
  }

  private send(piece: Piece, faults: FlowFaults): void {
    const { rate, truncate, reset } = faults
    const end = Math.min(truncate ?? Number.POSITIVE_INFINITY, reset ?? Number.POSITIVE_INFINITY)
    const size = Math.min(
      piece.bytes.length,
      rate === undefined ? piece.bytes.length : Math.max(1, Math.floor((rate * pieceMs) / 1000)),
      end - this.passed,
    )
    const bytes = spoil(piece.bytes.subarray(0, size), faults.garbage ?? 0, this.random)
    if (size === piece.bytes.length) this.queue.shift()
    else piece.bytes = piece.bytes.subarray(size)
    this.held -= size
    this.passed += size
    if (rate !== undefined) {
      this.freeAt = Math.max(this.freeAt, performance.now() - pieceMs) + (size * 1000) / rate
    }
    if (size > 0) this.to.write(bytes)
    if (this.passed >= end) this.cut(reset === end)
    else if (this.held <= most) this.from.resume()
  }

  private cut(broken: boolean): void {
    this.over = true
    if (broken) {
      this.to.resetAndDestroy()
      this.from.resetAndDestroy()
    } else {
      this.to.destroySoon()
      this.from.destroy()
    }
  }
}

function spoil(bytes: Buffer, chance: number, random: () => number): Buffer {
  if (chance <= 0) return bytes
  return Buffer.from(
    bytes.map((byte) => (random() < chance ? byte ^ (1 + Math.floor(random() * 255)) : byte)),
  )
}
