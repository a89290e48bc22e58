import { z } from 'zod'

/** How a reload ended; `why` says what kept the new workers from starting. */
export const reloaded = z.object({
  endedAt: z.string(),
  ok: z.boolean(),
  why: z.string().optional(),
})
export type Reloaded = z.infer<typeof reloaded>

/** Reloads one after the other. Whoever asks gets one that begins later than the question, so what changed by then is in it. */
export class Reloads {
  /** How the last one ended. */
  last: Reloaded | undefined
  private running: Promise<unknown> = Promise.resolve()
  private waiting: Promise<Reloaded> | undefined

  /** @param replaceAll throws what kept it from being done */
  constructor(private readonly replaceAll: () => Promise<void>) {}

  ask(): Promise<Reloaded> {
    this.waiting ??= this.running.then(() => {
      this.waiting = undefined
      const run = this.run()
      this.running = run
      return run
    })
    return this.waiting
  }

  private async run(): Promise<Reloaded> {
    const why = await this.replaceAll().then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    )
    const endedAt = new Date().toISOString()
    this.last = { endedAt, ok: why === undefined, ...(why === undefined ? {} : { why }) }
    return this.last
  }
}
