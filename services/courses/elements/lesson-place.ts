import { readPlace, writePlace } from './places.ts'

/** Remembers in this browser that this lesson was opened, and when its end was seen. */
export class LessonPlace extends HTMLElement {
  #seen: IntersectionObserver | undefined

  connectedCallback(): void {
    const { course = '', lesson = '', module = '', title = '' } = this.dataset
    const read = readPlace(course)?.read ?? {}
    const lessons = Array.isArray(read[module]) ? read[module] : []
    writePlace(course, { lesson, title, read })
    if (lessons.includes(lesson)) return
    this.#seen = new IntersectionObserver(([entry]) => {
      if (!entry?.isIntersecting) return
      this.#seen?.disconnect()
      writePlace(course, { lesson, title, read: { ...read, [module]: [...lessons, lesson] } })
    })
    this.#seen.observe(this)
  }

  disconnectedCallback(): void {
    this.#seen?.disconnect()
  }
}
