import type { Draft } from '@colonnade/outbox'

/** The part of the lesson at the top of the window: the last heading that was passed. */
export function placeInLesson(): string | undefined {
  const headings = document.querySelectorAll<HTMLElement>('#lesson .prose :is(h2, h3, h4)[id]')
  return [...headings].findLast((one) => one.getBoundingClientRect().top < innerHeight / 3)?.id
}

/**
 * Tells that a lesson was opened, and where one was in it when it was left, so that any device can go on there.
 * @param known where they were; it holds until they read on
 */
export function keepPlace(
  lesson: string,
  known: string | undefined,
  put: (draft: Draft) => void,
): void {
  let told = known
  const tell = (anchor: string | undefined) =>
    put({ type: 'position', lesson, data: anchor === undefined ? {} : { anchor } })
  const leave = () => {
    const anchor = placeInLesson()
    if (anchor === undefined || anchor === told) return
    told = anchor
    tell(anchor)
  }
  tell(known)
  // Before the outbox says its last words on the same events.
  window.addEventListener('pagehide', leave, { capture: true })
  document.addEventListener(
    'visibilitychange',
    () => {
      if (document.visibilityState === 'hidden') leave()
    },
    { capture: true },
  )
}
