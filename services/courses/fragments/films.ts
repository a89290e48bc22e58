import type { Translator } from '@colonnade/ui'
import { escapeAttribute } from '../publishing/escape.ts'

/** Gives the players of a lesson the words of what only JavaScript adds to them, in the page's language. */
export function withFilms(html: string, t: Translator): string {
  if (!html.includes('<video-player ')) return html
  const words = { speed: 'film.speed', search: 'film.search', jump: 'film.jump' } as const
  const attributes = Object.entries(words).map(
    ([name, message]) => `data-${name}="${escapeAttribute(t.t(message))}"`,
  )
  return html.replaceAll('<video-player ', `<video-player ${attributes.join(' ')} `)
}
