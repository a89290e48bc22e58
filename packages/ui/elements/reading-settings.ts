const key = 'colonnade-reading'
const names = ['theme', 'size', 'spacing', 'font'] as const

export type Settings = Record<string, string>

/** What the reader chose before; nothing when storage is closed or holds something else. */
export function readSettings(): Settings {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? '{}')
    if (typeof stored !== 'object' || stored === null) return {}
    return Object.fromEntries(
      Object.entries(stored).filter(([, value]) => /^[a-z]{1,12}$/.test(String(value))),
    )
  } catch {
    return {}
  }
}

/** Puts each choice on the root as `data-…`; the tokens do the rest. */
export function applySettings(settings: Settings): void {
  const root = document.documentElement
  for (const name of names) {
    const value = settings[name]
    if (!value || value === 'default' || value === 'auto') delete root.dataset[name]
    else root.dataset[name] = value
  }
}

/** Keeps the form's choices in the reader's own browser and applies them as they are made. */
export class ReadingSettingsElement extends HTMLElement {
  connectedCallback(): void {
    const form = this.querySelector('form')
    const details = this.querySelector('details')
    if (!form || !details) return
    for (const [name, value] of Object.entries(readSettings())) {
      const input = form.elements.namedItem(name)
      if (input instanceof RadioNodeList) input.value = value
    }
    const save = () => {
      const settings: Settings = {}
      for (const [name, value] of new FormData(form)) settings[name] = String(value)
      applySettings(settings)
      try {
        localStorage.setItem(key, JSON.stringify(settings))
      } catch {
        // Storage is closed: the choice holds for this page.
      }
    }
    form.addEventListener('change', save)
    const close = () => {
      details.open = false
      details.querySelector('summary')?.focus()
    }
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      close()
    })
    // The fields are reset after the event.
    form.addEventListener('reset', () => setTimeout(save))
    this.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && details.open) close()
    })
    document.addEventListener('click', (event) => {
      if (event.target instanceof Node && !this.contains(event.target)) details.open = false
    })
  }
}
