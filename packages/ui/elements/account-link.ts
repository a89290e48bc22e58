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
    const me = await whoAmI().catch(() => undefined)
    if (!link || !me) return
    link.textContent = me.name
    if (me.photo) link.prepend(pictureOf(me.photo))
    this.querySelector('[data-mine]')?.removeAttribute('hidden')
  }
}

/** Beside the name, so it says nothing itself. */
function pictureOf(src: string): HTMLImageElement {
  const picture = document.createElement('img')
  picture.alt = ''
  picture.width = 28
  picture.height = 28
  picture.src = src
  return picture
}

async function whoAmI(): Promise<{ name: string; photo: string | undefined } | undefined> {
  const answer = await fetch('/api/me', { headers: { Accept: 'application/json' } })
  if (answer.status !== 200) return undefined
  const me: unknown = await answer.json()
  if (typeof me !== 'object' || me === null || !('name' in me)) return undefined
  if (typeof me.name !== 'string') return undefined
  const photo = 'photo' in me && typeof me.photo === 'string' ? me.photo : undefined
  return { name: me.name, photo }
}
