import { longestAnswers } from '../quizzes/longest.ts'

/**
 * A quiz that keeps what is filled in in this browser and shows its marks in place. Without it the form leads to a page
 * with the same marks; so it does whenever they cannot be had here.
 */
export class QuizBox extends HTMLElement {
  connectedCallback(): void {
    this.recall()
    this.addEventListener('input', () => this.keep())
    this.addEventListener('submit', (event) => {
      const form = event.target
      if (!(form instanceof HTMLFormElement)) return
      event.preventDefault()
      // Whoever keeps what a learner did wants to know; the form still has the answers.
      this.dispatchEvent(new CustomEvent('quiz-checked', { bubbles: true }))
      this.setAttribute('aria-busy', 'true')
      this.mark(form)
        .catch(() => form.submit())
        .finally(() => this.removeAttribute('aria-busy'))
    })
  }

  private get key(): string {
    return `colonnade-quiz-${this.dataset.quiz}`
  }

  private get fields(): URLSearchParams {
    const fields = new URLSearchParams()
    const form = this.querySelector('form')
    for (const [name, value] of form ? new FormData(form) : []) {
      if (typeof value === 'string' && value !== '') fields.append(name, value)
    }
    return fields
  }

  private keep(): void {
    try {
      localStorage.setItem(this.key, this.fields.toString())
    } catch {
      // Storage is closed or full: the answers stay in the form, nothing else is lost.
    }
  }

  /** Fills in what was kept, unless the page came with answers or asks other questions. */
  private recall(): void {
    if (this.querySelector('[data-total]')) return
    const kept = new URLSearchParams(read(this.key))
    for (const field of this.querySelectorAll<HTMLInputElement | HTMLSelectElement>(
      'input, select',
    )) {
      const values = kept.getAll(field.name)
      if (field.type === 'hidden' || values.length === 0) continue
      if (field instanceof HTMLInputElement && /^(radio|checkbox)$/.test(field.type)) {
        field.checked = values.includes(field.value)
      } else field.value = values[0] ?? ''
    }
  }

  private async mark(form: HTMLFormElement): Promise<void> {
    const fields = this.fields
    const address = new URL(this.dataset.fragment ?? '', location.origin)
    address.searchParams.set('seed', fields.get('seed') ?? '')
    fields.delete('seed')
    fields.delete('lang')
    const answers = fields.toString()
    if (answers.length > longestAnswers) throw new Error('quiz: the answers are too long')
    address.searchParams.set('answers', answers || 'none')
    const response = await fetch(address, { signal: AbortSignal.timeout(8000) })
    if (response.status !== 200) throw new Error(`quiz: ${response.status}`)
    const page = new DOMParser().parseFromString(await response.text(), 'text/html')
    const marked = page.querySelector('quiz-box form')
    if (!marked) throw new Error('quiz: no marks')
    form.replaceWith(marked)
    // Reading goes on at what it came to, by eye and by screen reader.
    const total = this.querySelector<HTMLElement>('[data-total]')
    if (!total) return
    total.tabIndex = -1
    total.focus()
  }
}

function read(key: string): string {
  try {
    return localStorage.getItem(key) ?? ''
  } catch {
    return ''
  }
}
