/**
 * `1. Where are my changes?` → `where-are-my-changes`: as in Pandoc it begins with the first letter;
 * letters of every script stay.
 */
export function slugOf(text: string, otherwise: string): string {
  const slug = text
    .normalize('NFC')
    .toLowerCase()
    .replace(/['’]/g, '')
    .replace(/[^\p{L}\p{N}_]+/gu, '-')
    .replace(/^[^\p{L}]+|-+$/gu, '')
    .slice(0, 80)
    .replace(/-+$/, '')
  return slug === '' ? otherwise : slug
}

/** As `slugOf`, in the letters a URL needs no escaping for where the text has any. */
export function addressOf(text: string, otherwise: string): string {
  const plain = text.normalize('NFKD').replace(/\p{M}+/gu, '')
  const slug = slugOf(plain, otherwise)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  return slug === '' ? otherwise : slug
}

/** Hands out names once each: the second `a` becomes `a-1`. */
export class Names {
  readonly #taken = new Set<string>()

  take(name: string): string {
    let free = name
    for (let count = 1; this.#taken.has(free); count++) free = `${name}-${count}`
    this.#taken.add(free)
    return free
  }

  has(name: string): boolean {
    return this.#taken.has(name)
  }
}
