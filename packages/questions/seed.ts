/** Numbers from 0 up to 1 that are the same for the same seed on every machine (FNV-1a, then mulberry32). */
function numbersOf(seed: string): () => number {
  let state = 0x811c9dc5
  for (const byte of new TextEncoder().encode(seed)) state = Math.imul(state ^ byte, 0x01000193)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The same list in an order that only the seed decides (Fisher and Yates). */
export function shuffled<T>(list: readonly T[], seed: string): T[] {
  const next = numbersOf(seed)
  const rest = [...list]
  const result: T[] = []
  while (rest.length > 0) result.push(...rest.splice(Math.floor(next() * rest.length), 1))
  return result
}
