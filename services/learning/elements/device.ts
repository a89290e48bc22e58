import { type Outbox, openBrowserOutbox } from '@colonnade/outbox'

const opened = new Map<string, { outbox: Outbox; told: Set<() => void>; fell: boolean }>()

/**
 * The outbox of a person in this page, shared by all elements in it.
 * @param fell is told when entries are in this page only, because the browser's storage is closed or full
 */
export function outboxOf(person: string, fell: () => void = () => {}): Outbox {
  const known = opened.get(person)
  if (known) {
    known.told.add(fell)
    if (known.fell) queueMicrotask(fell)
    return known.outbox
  }
  const told = new Set([fell])
  const outbox = openBrowserOutbox(person, {
    fell() {
      const one = opened.get(person)
      if (one) one.fell = true
      for (const tell of told) tell()
    },
  })
  opened.set(person, { outbox, told, fell: false })
  return outbox
}
