import { uuidv7 } from '@colonnade/outbox'
import type { Learner } from './learner-here.ts'
import { placeInLesson } from './lesson-position.ts'

/** Makes the notes of a lesson writable: each change is an entry that knows the version it changes. */
export function wireNotes(
  margin: Element,
  { outbox, enrolment, touch }: Learner,
  lesson: string,
): void {
  const list = margin.querySelector('ul')
  const form = margin.querySelector('form')
  const text = margin.querySelector('textarea')
  const blank = margin.querySelector('template')?.content.querySelector('li')
  if (!list || !form || !text || !blank) return
  let changing: HTMLElement | undefined

  const count = () => {
    const place = margin.querySelector('[data-count]')
    if (place) place.textContent = String(list.children.length)
  }

  const put = (line: HTMLElement, written: string | null) => {
    const { note = '', entry, anchor } = line.dataset
    const added = outbox.put(enrolment, {
      type: 'note',
      lesson,
      after: entry || null,
      data: { note, text: written, ...(anchor === undefined ? {} : { anchor }) },
    })
    line.dataset.entry = added.entry.id
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const line = changing ?? lineFor(blank, placeInLesson())
    put(line, text.value)
    const words = line.querySelector('[data-text]')
    if (words) words.textContent = text.value
    if (!changing) list.append(line)
    changing = undefined
    text.value = ''
    count()
    touch()
  })

  list.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest('button') : null
    const line = button?.closest('li')
    if (!button || !line) return
    if (button.name === 'remove') {
      put(line, null)
      line.remove()
      if (changing === line) changing = undefined
      count()
      touch()
      text.focus()
      return
    }
    changing = line
    text.value = line.querySelector('[data-text]')?.textContent ?? ''
    text.focus()
  })
}

function lineFor(blank: HTMLElement, anchor: string | undefined): HTMLElement {
  const line = blank.cloneNode(true)
  if (!(line instanceof HTMLElement)) return blank
  line.dataset.note = uuidv7(Date.now())
  if (anchor === undefined) return line
  line.dataset.anchor = anchor
  const link = line.querySelector('a')
  if (link) {
    link.href = `#${anchor}`
    link.hidden = false
  }
  return line
}
