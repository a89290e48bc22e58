import { readPlace } from './places.ts'

/** Turns the link to begin with into the one to go on with, and fills the columns of modules that were read. */
export class CoursePlace extends HTMLElement {
  connectedCallback(): void {
    const { course = '', modules = '' } = this.dataset
    const place = readPlace(course)
    const link = this.querySelector('a')
    const hint = this.querySelector('[data-place]')
    if (!place || !link || !hint) return
    link.href = link.href.replace(/[^/]*$/, encodeURIComponent(place.lesson))
    link.textContent = this.dataset.continue ?? ''
    hint.textContent = (this.dataset.at ?? '').replace('%', () => place.title)
    for (const part of modules.split(' ')) {
      const at = part.lastIndexOf(':')
      const key = part.slice(0, at)
      const column = document.querySelector<HTMLElement>(`[data-module="${CSS.escape(key)}"]`)
      const read = place.read[key]
      if (column && Array.isArray(read) && read.length >= Number(part.slice(at + 1))) {
        column.dataset.state = 'done'
      }
    }
  }
}
