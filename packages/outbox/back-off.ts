const firstMs = 1000
const longestMs = 60_000

/** How long to wait after failures in a row: doubled each time, and spread, so that a class does not return as one. */
export function createBackOff(random: () => number) {
  let failures = 0
  return {
    /** @param told what the server said in Retry-After, in milliseconds: never sooner than that */
    next(told = 0): number {
      const reach = Math.min(longestMs, firstMs * 2 ** failures)
      failures = Math.min(failures + 1, 16)
      return told + reach * (0.5 + random() / 2)
    },
    reset(): void {
      failures = 0
    },
  }
}
