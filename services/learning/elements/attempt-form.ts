import type { Held, Outbox, Result } from '@colonnade/outbox'
import { questionsOf, readAnswer, writeAnswer } from './answers.ts'
import { startClock } from './attempt-clock.ts'
import { outboxOf } from './device.ts'
import { showKeeping } from './keeping-status.ts'

/** Keys pressed within this time are one version of an answer. */
const pauseMs = 800

/**
 * Keeps each answer of a running attempt as it is given, first on this device, then on the server, and says which. The form
 * in it needs no script: Save and Submit work as they do without, once all that was kept has arrived.
 */
export class AttemptForm extends HTMLElement {
  #outbox: Outbox | undefined
  /** Of each question, the version that the fields show. */
  readonly #shown = new Map<string, string>()
  /** Of each question, what was kept last, as JSON. */
  readonly #kept = new Map<string, string>()
  readonly #waiting = new Map<HTMLFieldSetElement, ReturnType<typeof setTimeout>>()
  /** Answers are kept one after the other, so that each knows the one before. */
  #last: Promise<unknown> = Promise.resolve()
  #passing = false
  /** Another device answered otherwise, and nobody has chosen yet. */
  #disagrees = false

  connectedCallback(): void {
    const { person, enrolment } = this.dataset
    if (!person || !enrolment || this.#outbox) return
    const outbox = outboxOf(person, () => keeping.fell())
    const keeping = showKeeping(this, outbox)
    this.#outbox = outbox
    for (const after of this.querySelectorAll<HTMLInputElement>('input[name^="_after."]')) {
      this.#shown.set(after.name.slice('_after.'.length), after.value)
    }
    this.#last = this.#recall(outbox, enrolment)
    outbox.listen({ acknowledged: (held, result) => void this.#heard(held, result) })
    this.addEventListener('input', ({ target }) => this.#later(target))
    this.addEventListener('change', ({ target }) => this.#keep(questionAt(target)))
    this.addEventListener('submit', (event) => void this.#hand(event))
    // Before the outbox says its last words on the same events.
    window.addEventListener('pagehide', this.#keepAll, { capture: true })
    document.addEventListener('visibilitychange', this.#keepAll, { capture: true })
    const clock = startClock(this, {
      ending: this.#keepAll,
      ended: () => void this.#arrived().then((all) => all && this.#showReview()),
    })
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') void this.#ask(clock.set)
    })
  }

  disconnectedCallback(): void {
    this.#keepAll()
  }

  /** What this device holds is newer than what the server could fill in. */
  async #recall(outbox: Outbox, enrolment: string): Promise<void> {
    for (const { entry } of await outbox.held(enrolment)) {
      const question = questionsOf(this).find((one) => one.dataset.question === entry.question)
      if (entry.type !== 'answer' || entry.attempt !== this.dataset.attempt || !question) continue
      writeAnswer(question, answerIn(entry.data))
      this.#show(entry.question ?? '', entry.id)
    }
  }

  #show(key: string, entry: string): void {
    this.#shown.set(key, entry)
    const form = this.querySelector('form')
    const name = `_after.${key}`
    const known = form?.elements.namedItem(name)
    if (known instanceof HTMLInputElement) known.value = entry
    else if (form) {
      const after = Object.assign(document.createElement('input'), { name, value: entry })
      after.type = 'hidden'
      form.append(after)
    }
  }

  #later(target: EventTarget | null): void {
    const question = questionAt(target)
    if (!question) return
    clearTimeout(this.#waiting.get(question))
    this.#waiting.set(
      question,
      setTimeout(() => this.#keep(question), pauseMs),
    )
  }

  readonly #keepAll = (): void => {
    for (const question of [...this.#waiting.keys()]) this.#keep(question)
  }

  #keep(question: HTMLFieldSetElement | undefined): void {
    const { enrolment, attempt } = this.dataset
    const key = question?.dataset.question
    const outbox = this.#outbox
    if (!question || key === undefined || !outbox || !enrolment || !attempt) return
    clearTimeout(this.#waiting.get(question))
    this.#waiting.delete(question)
    const answer = readAnswer(question)
    // A field that is left says once more that it changed.
    if (answer === undefined || this.#kept.get(key) === JSON.stringify(answer)) return
    this.#kept.set(key, JSON.stringify(answer))
    // Begun at once: a page that is going away waits for nobody.
    const after = this.#shown.get(key) ?? null
    const { entry, kept } = outbox.put(enrolment, {
      type: 'answer',
      attempt,
      question: key,
      after,
      data: { answer },
    })
    this.#show(key, entry.id)
    this.#last = Promise.all([this.#last, kept])
  }

  /** Whether the server has all that was done here. */
  async #arrived(): Promise<boolean> {
    this.#keepAll()
    await this.#last
    this.#outbox?.nudge()
    return (await this.#outbox?.settled())?.pending === 0
  }

  async #hand(event: SubmitEvent): Promise<void> {
    if (this.#passing) return
    event.preventDefault()
    const { submitter } = event
    this.setAttribute('aria-busy', 'true')
    const arrived = navigator.onLine && (await this.#arrived())
    this.removeAttribute('aria-busy')
    const hands = submitter instanceof HTMLButtonElement && submitter.value === 'submit'
    // Files are sent by the form itself, which has to wait for the network.
    const hasFiles = [...this.querySelectorAll<HTMLInputElement>('input[type=file]')].some(
      (field) => field.value !== '',
    )
    this.#say('files', hasFiles && !arrived)
    if (hands && !hasFiles) await this.#submit()
    else if (arrived) {
      this.#passing = true
      this.querySelector('form')?.requestSubmit(submitter)
      this.#passing = false
    }
  }

  /** Hands in what was answered, now or when there is a network again. */
  async #submit(): Promise<void> {
    const { enrolment, attempt } = this.dataset
    // Handed in is what the learner has seen: first they choose.
    if (this.#disagrees || !enrolment || !attempt) return
    await this.#outbox?.put(enrolment, { type: 'submit', attempt, data: {} }).kept
    const status = await this.#outbox?.settled()
    if (status?.pending === 0) return
    this.#say('handed', true)
    for (const part of this.querySelectorAll<HTMLFieldSetElement | HTMLButtonElement>(
      'fieldset, button',
    )) {
      part.disabled = true
    }
  }

  #say(when: string, holds: boolean): void {
    const sentence = this.querySelector<HTMLElement>(`[data-also="${when}"]`)
    if (sentence) sentence.hidden = !holds
  }

  async #heard({ entry }: Held, { state, conflict }: Result): Promise<void> {
    if (entry.attempt !== this.dataset.attempt) return
    // The attempt is over: the page says how it went, and what came too late.
    if (entry.type === 'submit' || state === 'late') this.#showReview()
    else if (conflict !== undefined && entry.question) {
      this.#disagrees = true
      await this.#showVersions(entry.question)
    }
  }

  /** Two devices disagree: the page as it is now has both versions, and the buttons to choose one. */
  async #showVersions(key: string): Promise<void> {
    const answer = await fetch(location.href, { headers: { Accept: 'text/html' } })
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const here = questionsOf(this).find((one) => one.dataset.question === key)
    const there = questionsOf(page).find((one) => one.dataset.question === key)
    const versions = there?.querySelector('[data-conflict]')
    if (!here || !versions) return
    here.querySelector('[data-conflict]')?.remove()
    here.append(document.adoptNode(versions))
  }

  async #ask(set: (now: number, ends: number) => void): Promise<void> {
    const answer = await fetch(`/api/attempts/${this.dataset.attempt}`).catch(() => undefined)
    if (!answer?.ok) return
    const { now, endsAt, endedAt } = await answer.json()
    if (endedAt) this.#showReview()
    else if (typeof now === 'number' && endsAt) set(now, Date.parse(endsAt))
  }

  /** The attempt is over: its page is another one. */
  #showReview(): void {
    location.replace(`${location.pathname}?attempt=${this.dataset.attempt}`)
  }
}

const questionAt = (target: EventTarget | null) =>
  target instanceof Element
    ? (target.closest<HTMLFieldSetElement>('fieldset[data-question]') ?? undefined)
    : undefined

const answerIn = (data: unknown): unknown =>
  typeof data === 'object' && data !== null && 'answer' in data ? data.answer : undefined
