/**
 * Loads further reviews in place. Its link leads to a page with them, so nothing is lost without it: whatever goes
 * wrong, the link is followed.
 */
export class MoreReviews extends HTMLElement {
  private loading = false

  connectedCallback(): void {
    this.addEventListener('click', (event) => {
      const link = event.target instanceof Element ? event.target.closest('a[rel=next]') : null
      if (!(link instanceof HTMLAnchorElement)) return
      if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
        return
      event.preventDefault()
      if (this.loading) return
      this.loading = true
      this.setAttribute('aria-busy', 'true')
      this.load(link)
        .catch(() => location.assign(link.href))
        .finally(() => {
          this.loading = false
          this.removeAttribute('aria-busy')
        })
    })
  }

  private async load(link: HTMLAnchorElement): Promise<void> {
    const address = new URL(this.dataset.fragment ?? '', location.origin)
    for (const [name, value] of new URL(link.href).searchParams)
      address.searchParams.set(name, value)
    const response = await fetch(address, { signal: AbortSignal.timeout(8000) })
    if (response.status !== 200) throw new Error(`reviews: ${response.status}`)
    const page = new DOMParser().parseFromString(await response.text(), 'text/html')
    const items = [...page.querySelectorAll('more-reviews > ol > li')]
    const list = this.querySelector('ol')
    const first = items[0]
    if (!list || !first) throw new Error('reviews: no list')
    list.append(...items)
    const next = page.querySelector<HTMLAnchorElement>('more-reviews [data-pager] a[rel=next]')
    if (next) link.setAttribute('href', next.getAttribute('href') ?? '')
    else link.remove()
    // Reading goes on at the first new one, by eye and by screen reader.
    if (first instanceof HTMLElement) {
      first.tabIndex = -1
      first.focus({ preventScroll: true })
    }
  }
}
