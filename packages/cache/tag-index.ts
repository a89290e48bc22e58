/** Which keys carry a tag. Most tags stand in one entry alone: a set is made only for the second. */
export class TagIndex {
  private readonly keysByTag = new Map<string, string | Set<string>>()

  link(key: string, tags: readonly string[]): void {
    for (const tag of tags) {
      const held = this.keysByTag.get(tag)
      if (held === undefined) this.keysByTag.set(tag, key)
      else if (typeof held !== 'string') held.add(key)
      else if (held !== key) this.keysByTag.set(tag, new Set([held, key]))
    }
  }

  unlink(key: string, tags: readonly string[]): void {
    for (const tag of tags) {
      const held = this.keysByTag.get(tag)
      if (held instanceof Set) held.delete(key)
      if (held === key || (held instanceof Set && held.size === 0)) this.keysByTag.delete(tag)
    }
  }

  keysOf(tag: string): Iterable<string> {
    const held = this.keysByTag.get(tag)
    return typeof held === 'string' ? [held] : (held ?? [])
  }
}
