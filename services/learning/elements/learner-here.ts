import type { Draft, Outbox } from '@colonnade/outbox'
import { adoptKept } from './adopt-kept.ts'
import { questionsOf, readAnswer } from './answers.ts'
import { outboxOf } from './device.ts'
import { showKeeping } from './keeping-status.ts'
import { keepPlace } from './lesson-position.ts'
import { wireNotes } from './note-margin.ts'

/** Set beside the session's cookie, which is closed to scripts: where it is not, nobody is signed in. */
const hint = /(?:^|;\s*)colonnade-signed-in=1/

/** What the own part says to its element, as `here/here.tsx` writes it. */
export type Learner = {
  outbox: Outbox
  enrolment: string
  /** Something was done that should be said to be kept. */
  touch(): void
}

/**
 * Puts a learner's own part in place of what a public page says to everybody: where they are, what is done, their notes. It
 * asks only where somebody seems to be signed in, and leaves the page as it is when no answer comes.
 */
export class LearnerHere extends HTMLElement {
  connectedCallback(): void {
    if (hint.test(document.cookie)) void this.#show().catch(() => {})
  }

  async #show(): Promise<void> {
    const answer = await fetch(this.dataset.here ?? '', { signal: AbortSignal.timeout(8000) })
    if (answer.status !== 200) return
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const part = page.querySelector<HTMLElement>('[data-enrolment]')
    const { person, enrolment, lesson, anchor, next, items = '{}' } = part?.dataset ?? {}
    if (!part || !person || !enrolment) return
    this.replaceChildren(document.adoptNode(part))
    const outbox = outboxOf(person, () => keeping.fell())
    const keeping = showKeeping(this, outbox)
    const add = (draft: Draft): void => {
      void outbox.add(enrolment, draft)
      keeping.touch()
    }
    const learner: Learner = { outbox, enrolment, touch: keeping.touch }
    void adoptKept(Number(this.dataset.course), learner, person)
    if (lesson === undefined) return
    this.#wireDone(lesson, add)
    listenToQuizzes(lesson, JSON.parse(items), add)
    keepPlace(lesson, anchor, (draft) => outbox.put(enrolment, draft))
    const margin = this.querySelector('note-margin')
    if (margin) {
      wireNotes(margin, learner, lesson)
      // Beside the text, where the lesson has room for it.
      document.querySelector('#lesson [data-margin]')?.append(margin)
    }
    if (next) prefetch(next, this)
  }

  #wireDone(lesson: string, add: (draft: Draft) => void): void {
    const button = this.querySelector<HTMLElement>('[data-done-as=button]')
    const word = this.querySelector<HTMLElement>('[data-done-as=word]')
    button?.addEventListener('click', () => {
      add({ type: 'done', lesson, data: {} })
      button.hidden = true
      if (!word) return
      word.hidden = false
      word.tabIndex = -1
      word.focus()
    })
  }
}

/** Quizzes in the reading are part of what a learner did; `quiz-box` tells of each that was checked. */
function listenToQuizzes(
  lesson: string,
  items: Partial<Record<string, string>>,
  add: (draft: Draft) => void,
): void {
  document.addEventListener('quiz-checked', ({ target }) => {
    if (!(target instanceof HTMLElement)) return
    const form = target.querySelector('form')
    const item = items[target.dataset.key ?? '']
    const seed = form && new FormData(form).get('seed')
    if (!form || item === undefined || typeof seed !== 'string') return
    const answers = questionsOf(form).flatMap((question) => {
      const answer = readAnswer(question)
      return answer === undefined ? [] : [[question.dataset.question, answer] as const]
    })
    add({ type: 'check', lesson, item, data: { seed, answers: Object.fromEntries(answers) } })
  })
}

/** The next lesson is fetched once this one's end is near, unless the reader saves data. */
function prefetch(href: string, end: Element): void {
  const connection: unknown = Reflect.get(navigator, 'connection')
  if (typeof connection === 'object' && connection && Reflect.get(connection, 'saveData')) return
  const seen = new IntersectionObserver(([entry]) => {
    if (!entry?.isIntersecting) return
    seen.disconnect()
    // Into the browser's cache. A link to prefetch would need a hole in the security policy.
    void fetch(href, { priority: 'low' }).then((answer) => answer.arrayBuffer())
  })
  seen.observe(end)
}
