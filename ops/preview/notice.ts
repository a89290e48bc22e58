/** What is wrong and how to mend it; `place` is a file and line. */
export type Notice = { title: string; place?: string; text: string; more?: string }

const escape = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)

export function noticeHtml({ title, place, text, more }: Notice): string {
  const where = place ? `<p><code>${escape(place)}</code></p>` : ''
  const rest = more ? `<pre>${escape(more)}</pre>` : ''
  return `<div class="preview-notice" role="alert"><p><strong>${escape(title)}</strong></p>${where}<p>${escape(text)}</p>${rest}</div>`
}

/** `episodes/01-a.md:12: What is wrong. How to mend it.` with its place apart; further lines stand below. */
export function noticeOf(title: string, message: string): Notice {
  const [first = '', ...rest] = message.split('\n')
  const more = rest.length > 0 ? { more: rest.map((line) => line.trim()).join('\n') } : {}
  const found = /^([^\s:][^:]*:\d+): (.*)$/.exec(first)
  return found?.[1] && found[2]
    ? { title, place: found[1], text: found[2], ...more }
    : { title, text: first, ...more }
}

export function waitingPage(text: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escape(text)}</title><meta name="viewport" content="width=device-width, initial-scale=1"></head><body><main><p>${escape(text)}</p></main></body></html>`
}
