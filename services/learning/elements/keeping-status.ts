import type { Outbox, Status } from '@colonnade/outbox'

/** Warned of before the page is left: what only it holds would be lost. */
const warn = (event: BeforeUnloadEvent) => event.preventDefault()

/**
 * Shows in `[data-keeping]` how safe a person's work is: the one of its sentences that holds now. They are in the page
 * already, in its language.
 * @param only the entries that count here; all unless told
 */
export function showKeeping(root: ParentNode, outbox: Outbox) {
  const place = root.querySelector<HTMLElement>('[data-keeping]')
  let onlyHere = false
  let touched = false
  /** The server has it, and says that it fits nothing of the course. */
  let uncounted = false

  function show({ phase, pending, refused }: Status): void {
    if (pending > 0) touched = true
    window.removeEventListener('beforeunload', warn)
    if (onlyHere && pending > 0) window.addEventListener('beforeunload', warn)
    if (!place) return
    const now = onlyHere && pending > 0 ? 'page' : phase
    for (const sentence of place.querySelectorAll<HTMLElement>('[data-when]')) {
      const { when } = sentence.dataset
      // Nothing is said of safety before there is something to keep.
      const holds = when === now && touched
      const also = (when === 'refused' && refused.length > 0) || (when === 'uncounted' && uncounted)
      sentence.hidden = !holds && !also
    }
  }

  outbox.listen({
    status: show,
    acknowledged(_, { state }) {
      if (state === 'refused') uncounted = true
    },
  })
  return {
    /** Storage is closed or full. */
    fell(): void {
      onlyHere = true
      show(outbox.status)
    },
    /** Says how it is even where nothing was done yet. */
    touch(): void {
      touched = true
      show(outbox.status)
    },
  }
}
