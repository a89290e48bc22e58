/** Makes filters, order and search faster: fetches the page they lead to and swaps the catalogue in place. */
export class CourseCatalogue extends HTMLElement {
  #asking: AbortController | undefined
  #leave = new AbortController()
  // Stays while all around it is swapped, so that what changes in it is read out.
  readonly #said = document.createElement('p')

  connectedCallback(): void {
    this.#leave = new AbortController()
    const { signal } = this.#leave
    this.#said.className = 'visually-hidden'
    this.#said.setAttribute('role', 'status')
    this.after(this.#said)
    this.addEventListener('click', (event) => this.#follow(event), { signal })
    this.addEventListener('submit', (event) => this.#search(event), { signal })
    window.addEventListener('popstate', () => this.#show(location.href), { signal })
  }

  disconnectedCallback(): void {
    this.#leave.abort()
    this.#said.remove()
    this.#asking?.abort()
  }

  #follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey)
      return
    const link = event.target instanceof Element ? event.target.closest('a') : null
    if (!link || !isCatalogue(link.href)) return
    event.preventDefault()
    this.#go(link.href)
  }

  #search(event: SubmitEvent): void {
    const form = event.target
    if (!(form instanceof HTMLFormElement) || !isCatalogue(form.action)) return
    event.preventDefault()
    const url = new URL(form.action)
    for (const [name, value] of new FormData(form))
      if (value) url.searchParams.set(name, String(value))
    this.#go(url.href)
  }

  #go(href: string): void {
    this.#show(href, () => history.pushState(null, '', href))
  }

  async #show(href: string, before = () => {}): Promise<void> {
    this.#asking?.abort()
    this.#asking = new AbortController()
    const { signal } = this.#asking
    this.setAttribute('aria-busy', 'true')
    try {
      const response = await fetch(href, { signal })
      const page = new DOMParser().parseFromString(await response.text(), 'text/html')
      const fresh = page.querySelector(this.localName)
      if (!response.ok || !fresh) throw new Error('no catalogue')
      before()
      document.title = page.title
      followLanguages(page)
      this.#swap(fresh)
    } catch {
      // What cannot be fetched is opened the plain way, and says itself what is wrong.
      if (!signal.aborted) location.href = href
    }
  }

  /** The keyboard stays where it was: at the field, or at the link with the same text. */
  #swap(fresh: Element): void {
    const { activeElement: had } = document
    const within = had && this.contains(had) ? had : null
    const name = within && nameOf(within)
    this.replaceChildren(...fresh.childNodes)
    this.removeAttribute('aria-busy')
    this.#said.textContent = this.querySelector('[data-count]')?.textContent ?? ''
    if (!within) return
    const again = within.id
      ? document.getElementById(within.id)
      : [...this.querySelectorAll('a')].find((link) => nameOf(link) === name)
    const target = again ?? this.querySelector<HTMLElement>('[data-count]')
    if (target && !again) target.tabIndex = -1
    target?.focus()
  }
}

/** The links to this page in other languages lead to what is shown now. */
function followLanguages(page: Document): void {
  for (const fresh of page.querySelectorAll('a[hreflang]')) {
    const lang = fresh.getAttribute('hreflang') ?? ''
    const own = document.querySelector(`a[hreflang="${CSS.escape(lang)}"]`)
    own?.setAttribute('href', fresh.getAttribute('href') ?? '')
  }
}

/** What a link is called, without its count. */
function nameOf(link: Element): string {
  return (link.querySelector('span') ?? link).textContent
}

function isCatalogue(href: string): boolean {
  const { origin, pathname } = new URL(href)
  return origin === location.origin && /^\/([a-z]{2}\/)?courses$/.test(pathname)
}
