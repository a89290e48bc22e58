type Waiting<Given, Made> = {
  given: Given
  resolve(made: Made): void
  reject(error: unknown): void
}

/** Whether the database refused what was given (SQLSTATE class 22 or 23): nothing of the batch was stored. */
const isRefusal = (error: unknown) =>
  error instanceof Error && 'code' in error && /^2[23]/.test(String(error.code))

/**
 * Writes together what arrives while earlier writes are under way. A durable commit waits for the disk, and that wait
 * is the same for one as for a hundred: alone, a write waits for nobody; under load, many share one commit. When a
 * batch is refused, each of it is written by itself, so that one's conflict is nobody else's.
 * @param write stores all it is given or nothing, and answers in its order
 * @param options batches under way at once, and what a batch of more than one may weigh
 */
export function inBatches<Given, Made>(
  write: (batch: Given[]) => Promise<readonly Made[]>,
  {
    atOnce = 2,
    most = 100,
    weigh = () => 1,
  }: { atOnce?: number; most?: number; weigh?: (given: Given) => number } = {},
): (given: Given) => Promise<Made> {
  const waiting: Waiting<Given, Made>[] = []
  let running = 0

  async function settle(batch: readonly Waiting<Given, Made>[]): Promise<void> {
    try {
      const made = await write(batch.map(({ given }) => given))
      for (const [place, one] of batch.entries()) {
        const result = made[place]
        if (result === undefined) one.reject(new Error('a write answered too little'))
        else one.resolve(result)
      }
    } catch (error) {
      if (batch.length > 1 && isRefusal(error)) {
        for (const one of batch) await settle([one])
      } else for (const one of batch) one.reject(error)
    }
  }

  function takeBatch(): Waiting<Given, Made>[] {
    let weight = 0
    let length = 0
    for (const { given } of waiting) {
      weight += weigh(given)
      if (length > 0 && weight > most) break
      length += 1
    }
    return waiting.splice(0, length)
  }

  function next(): void {
    while (running < atOnce && waiting.length > 0) {
      running += 1
      void settle(takeBatch()).finally(() => {
        running -= 1
        next()
      })
    }
  }

  return (given) =>
    new Promise((resolve, reject) => {
      waiting.push({ given, resolve, reject })
      next()
    })
}
