/** Set beside the session's cookie, which is closed to scripts: where it is not, nobody is signed in. */
const hint = /(?:^|;\s*)colonnade-signed-in=1/

/**
 * Puts the name of who is signed in in place of “Sign in”, and shows the way to their courses. Asked once in a page, only
 * where somebody seems to be signed in; when the answer does not come, the link stays as it is and works.
 */
export class AccountLinkElement extends HTMLElement {
  connectedCallback(): void {
    if (hint.test(document.cookie)) void this.show()
  }

  private async show(): Promise<void> {
    const link = this.querySelector('a[data-account]')
    const name = await nameOf().catch(() => undefined)
    if (!link || !name) return
    link.textContent = name
    this.querySelector('[data-mine]')?.removeAttribute('hidden')
  }
}

async function nameOf(): Promise<string | undefined> {
  const answer = await fetch('/api/me', { headers: { Accept: 'application/json' } })
  if (answer.status !== 200) return undefined
  const me: unknown = await answer.json()
  if (typeof me !== 'object' || me === null || !('name' in me)) return undefined
  return typeof me.name === 'string' ? me.name : undefined
}
