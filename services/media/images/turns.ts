import { Problem } from '@colonnade/http'

/** How many may wait for a turn before the next is sent away. */
const patience = 500

/**
 * Lets `atOnce` pieces of work run at a time. What somebody waits for goes before what is made ahead; `last` work is
 * only taken up when nobody waits.
 */
export class Turns {
  private running = 0
  private readonly waiting: (() => void)[] = []
  private readonly behind: (() => void)[] = []

  constructor(private readonly atOnce: number) {}

  /** @throws Problem 503 when too many wait already */
  async run<T>(work: () => Promise<T>, { last = false } = {}): Promise<T> {
    const line = last ? this.behind : this.waiting
    if (line.length >= patience) throw new Problem(503, 'Too many pictures wait. Try again soon.')
    if (this.running >= this.atOnce) await new Promise<void>((resolve) => line.push(resolve))
    else this.running += 1
    try {
      return await work()
    } finally {
      const next = this.waiting.shift() ?? this.behind.shift()
      // The turn is handed on, not given back, so that nobody who comes now steps in between.
      if (next) next()
      else this.running -= 1
    }
  }
}
