/** What failed too often is not asked again, but for one try a second. */
const tryAgainMs = 1000

/**
 * Stops asking for what fails: after five failures in a row, or after two of which the second came a while after the
 * first, because five that are each waited for would be two seconds of waiting. Then one try a second finds out
 * whether it is back, and whoever asks meanwhile waits for its outcome. Measures by a clock that nobody can set.
 */
export class Breaker {
  private failures = 0
  private firstAt = 0
  private openedAt: number | undefined
  private trying: Promise<unknown> | undefined

  /** @param name what is asked, for the message of who is not let through */
  constructor(private readonly name: string) {}

  get open(): boolean {
    return this.openedAt !== undefined
  }

  /** @throws when `work` does, or without running it while it is open */
  async execute<T>(work: () => Promise<T>): Promise<T> {
    while (this.trying) await this.trying.catch(() => {})
    if (this.openedAt === undefined) return await this.ask(work)
    if (performance.now() - this.openedAt < tryAgainMs) {
      throw new Error(`${this.name}: failed too often, and is not asked now`)
    }
    const trial = this.tryAgain(work)
    this.trying = trial
    try {
      return await trial
    } finally {
      this.trying = undefined
    }
  }

  private async ask<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work()
      this.failures = 0
      return result
    } catch (error) {
      const now = performance.now()
      if (this.failures++ === 0) this.firstAt = now
      const fails = this.failures >= 5 || (this.failures >= 2 && now - this.firstAt >= 300)
      // What was asked before it opened may fail long after.
      if (fails) this.openedAt ??= now
      throw error
    }
  }

  private async tryAgain<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work()
      this.failures = 0
      this.openedAt = undefined
      return result
    } catch (error) {
      this.openedAt = performance.now()
      throw error
    }
  }
}
