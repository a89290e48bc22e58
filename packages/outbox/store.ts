import type { Held } from './entry.ts'

/** Where entries lie until the server has them. All tabs of a browser share one. */
export type Store = {
  /** Puts it behind all others. Once this resolves, closing the tab or the browser loses nothing. */
  add(held: Omit<Held, 'seq'>): Promise<Held>
  /** All that it holds for a person, in the order they came. */
  list(person: string): Promise<Held[]>
  /** Forgets what the server has acknowledged by id. */
  remove(ids: readonly string[]): Promise<void>
  /** Sets one aside that the server will not take. */
  refuse(id: string, why: string): Promise<void>
}

/** A store that ends with the page. */
export function memoryStore(): Store {
  const all = new Map<string, Held>()
  let last = 0
  return {
    async add(held) {
      const added = { ...held, seq: ++last }
      all.set(held.entry.id, added)
      return added
    },
    list: async (person) => [...all.values()].filter((held) => held.person === person),
    async remove(ids) {
      for (const id of ids) all.delete(id)
    },
    async refuse(id, why) {
      const held = all.get(id)
      if (held) all.set(id, { ...held, refused: why })
    },
  }
}

/**
 * A store that takes into memory what the device does not: its storage is closed, or full.
 * @param fell is told when an entry would be lost with the page
 */
export function withFallback(device: Store, fell: () => void): Store {
  const page = memoryStore()
  let lastSeq = 0
  let hasWorked = false
  const note = (held: Held) => {
    lastSeq = Math.max(lastSeq, Math.ceil(held.seq))
    return held
  }
  return {
    async add(held) {
      try {
        const added = note(await device.add(held))
        hasWorked = true
        return added
      } catch {
        fell()
        return await page.add(held)
      }
    },
    async list(person) {
      const kept = await device.list(person).catch((error: unknown): Held[] => {
        // What it holds is not gone because it cannot be read just now.
        if (hasWorked) throw error
        return []
      })
      hasWorked ||= kept.length > 0
      kept.forEach(note)
      // What only the page has came after what the device had by then.
      const loose = (await page.list(person)).map((held) => ({
        ...held,
        seq: lastSeq + held.seq / 1e6,
      }))
      return [...kept, ...loose].sort((a, b) => a.seq - b.seq)
    },
    async remove(ids) {
      await page.remove(ids)
      await device.remove(ids).catch(() => {
        // They stay, are sent again, and the server knows them.
      })
    },
    async refuse(id, why) {
      await page.refuse(id, why)
      await device.refuse(id, why).catch(() => {})
    },
  }
}
