/** What version control and systems leave in a folder, which no course needs and nobody has to send. */
const ignored = /(^|\/)(\.git|node_modules|__MACOSX|\.DS_Store|Thumbs\.db)(\/|$)/

/**
 * A folder's form that says that it is being sent, and sends no more than the course. Without it the browser sends all,
 * and the service passes over what does not belong there.
 */
export class CourseUpload extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener('submit', (event) => {
      const form = event.target
      const input = this.querySelector('input[type="file"]')
      if (!(form instanceof HTMLFormElement) || !(input instanceof HTMLInputElement)) return
      event.preventDefault()
      this.say(this.dataset.sending)
      this.setAttribute('aria-busy', 'true')
      this.send(form, input)
        .catch(() => this.say(this.dataset.failed))
        .finally(() => this.removeAttribute('aria-busy'))
    })
  }

  private say(text = ''): void {
    const status = this.querySelector('[role="status"]')
    if (status) status.textContent = text
  }

  private async send(form: HTMLFormElement, input: HTMLInputElement): Promise<void> {
    const body = new FormData(form)
    body.delete(input.name)
    for (const file of input.files ?? []) {
      const path = file.webkitRelativePath || file.name
      if (!ignored.test(path)) body.append(input.name, file, path)
    }
    const answer = await fetch(form.action, { method: 'POST', body })
    if (answer.redirected) {
      location.assign(answer.url)
      return
    }
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const told = page.querySelector('main')
    if (!told) throw new Error(`upload: ${answer.status}`)
    document.querySelector('main')?.replaceWith(told)
    // What is wrong is read out, and reading goes on there.
    told.focus()
  }
}
