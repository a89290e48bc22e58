export type OneAtATime = {
  /** Runs the work; asked for while it runs, it runs once more after that, however often it was asked. */
  again(): void
  /** Resolves when it does not run. What was asked for meanwhile is left. */
  done(): Promise<void>
}

/** Work that never runs twice at once. @param onError told when it fails */
export function oneAtATime(
  work: () => Promise<void>,
  onError: (error: unknown) => void,
): OneAtATime {
  let running: Promise<void> | undefined
  let wanted = false
  async function run(): Promise<void> {
    do {
      wanted = false
      await work().catch(onError)
    } while (wanted)
    running = undefined
  }
  return {
    again() {
      wanted = true
      running ??= run()
    },
    async done() {
      wanted = false
      await running
    },
  }
}
