/** What must be undone at the end, however it comes; last made, first undone. */
export class Cleanup {
  private readonly steps: (() => unknown)[] = []
  private running: Promise<void> | undefined

  add(step: () => unknown): void {
    this.steps.push(step)
  }

  /** Undoes everything once, also when asked twice; a step that fails does not keep the others from running. */
  async run(): Promise<void> {
    this.running ??= (async () => {
      for (let step = this.steps.pop(); step; step = this.steps.pop()) {
        try {
          await step()
        } catch (error) {
          console.error(error)
        }
      }
    })()
    await this.running
  }

  /** Ctrl-C, or a supervisor's SIGTERM, undoes everything too. */
  onSignals(): void {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, async () => {
        console.error(`\n${signal}: stopping what the bench started …`)
        await this.run()
        process.exit(130)
      })
    }
  }
}
