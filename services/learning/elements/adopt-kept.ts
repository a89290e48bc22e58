import type { Draft } from '@colonnade/outbox'
import type { Learner } from './learner-here.ts'

/** Whose work on a course this browser keeps, from when somebody enrolled: nobody after them is given it. */
const ownerOf = (course: number) => `colonnade-place-owner-${course}`

/**
 * Hands what this browser kept of a course before there was an account over to who has enrolled: the lessons read and the
 * quizzes answered become entries of their log. The server names them; they are in the outbox before they count as adopted.
 */
export async function adoptKept(course: number, learner: Learner, person: string): Promise<void> {
  try {
    if (localStorage.getItem(ownerOf(course)) !== null) return
    const kept = readKept(course)
    if (kept) {
      const answer = await fetch('/my/here', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(kept),
      })
      if (!answer.ok) return
      const { entries }: { entries: Draft[] } = await answer.json()
      for (const entry of entries) await learner.outbox.add(learner.enrolment, entry)
    }
    localStorage.setItem(ownerOf(course), person)
  } catch {
    // Storage is closed, or nobody answers: another visit adopts it.
  }
}

/** As `services/courses/elements/places.ts` and `quiz-box.ts` write it. */
function readKept(course: number) {
  const place: unknown = JSON.parse(localStorage.getItem(`colonnade-place-${course}`) ?? 'null')
  const begin = `colonnade-quiz-${course}-`
  const quizzes = Object.entries({ ...localStorage }).filter(([key]) => key.startsWith(begin))
  if (place === null && quizzes.length === 0) return undefined
  return {
    course,
    ...placesIn(place),
    quizzes: Object.fromEntries(quizzes.map(([key, fields]) => [key.slice(begin.length), fields])),
  }
}

function placesIn(place: unknown): { lesson?: string; read?: string[] } {
  if (typeof place !== 'object' || place === null) return {}
  const lesson: unknown = Reflect.get(place, 'lesson')
  const read: unknown = Reflect.get(place, 'read')
  return {
    ...(typeof lesson === 'string' ? { lesson } : {}),
    read: Object.values(typeof read === 'object' && read !== null ? read : {})
      .flat()
      .filter((slug) => typeof slug === 'string'),
  }
}
