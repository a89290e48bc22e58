import type { Outline, OutlinePart } from '../queries/outline.ts'

/** What became of parts of one kind between two revisions. */
export type Change = {
  added: OutlinePart[]
  retired: OutlinePart[]
  renamed: { from: OutlinePart; to: OutlinePart }[]
  /** Of the same name, with other content. */
  changed: OutlinePart[]
}

export type Changes = Record<keyof Outline, Change>

/** What is different in a revision from another one. Parts are known by their keys, so moving one changes nothing of it. */
export function changesBetween(before: Outline, after: Outline): Changes {
  return {
    modules: compare(before.modules, after.modules),
    lessons: compare(before.lessons, after.lessons),
    items: compare(before.items, after.items),
  }
}

function compare(before: readonly OutlinePart[], after: readonly OutlinePart[]): Change {
  const known = new Map(before.map((part) => [part.key, part]))
  const left = new Set(after.map(({ key }) => key))
  const pairs = after.flatMap((to) => {
    const from = known.get(to.key)
    return from ? [{ from, to }] : []
  })
  return {
    added: after.filter(({ key }) => !known.has(key)),
    retired: before.filter(({ key }) => !left.has(key)),
    renamed: pairs.filter(({ from, to }) => from.title !== to.title),
    changed: pairs.filter(({ from, to }) => from.content !== to.content).map(({ to }) => to),
  }
}

export const isNothing = (changes: Changes): boolean =>
  Object.values(changes).every((change) =>
    Object.values(change).every((parts) => parts.length === 0),
  )
