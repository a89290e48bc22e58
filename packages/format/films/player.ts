import type { Element, ElementContent } from 'hast'
import type { Found } from '../html/items.ts'
import { h, isElement, property, text } from '../html/nodes.ts'
import type { Words } from '../words.ts'
import type { Captions, Film } from './films.ts'

/** Endings that browsers play, with their types. */
const types: Record<string, string> = { mp4: 'video/mp4', m4v: 'video/mp4', webm: 'video/webm' }

/** Puts a player in the place of each link that leads to a film of the folder; others stay links. */
export function showFilms(items: readonly Found[], find: (path: string) => Film, words: Words) {
  for (const { node, kind, title } of items) {
    const link = kind === 'video' ? node.children.find((child) => isElement(child, 'a')) : undefined
    const href = isElement(link) ? (property(link, 'href') ?? '') : ''
    const type = types[/^file:.*\.(\w+)$/.exec(href)?.[1]?.toLowerCase() ?? '']
    if (type === undefined) continue
    const film = find(decodeURI(href.slice('file:'.length)))
    node.tagName = 'video-player'
    node.properties.className = ['ln-film']
    node.children = player(href, type, title, film, words)
  }
}

function player(
  src: string,
  type: string,
  title: string,
  { captions, poster }: Film,
  words: Words,
): ElementContent[] {
  const tracks = captions.map((one, at) =>
    h('track', {
      kind: 'captions',
      src: `file:${encodeURI(one.path)}`,
      srcLang: one.language,
      label: nameOf(one.language),
      default: at === 0,
    }),
  )
  const video = h(
    'video',
    {
      controls: true,
      playsInline: true,
      preload: 'metadata',
      ariaLabel: title,
      ...(poster === null ? {} : { poster: `file:${encodeURI(poster)}` }),
    },
    h('source', { src, type }),
    ...tracks,
  )
  const name = h('p', { className: ['ln-film-title'] }, h('a', { href: src }, text(title)))
  return [video, name, ...captions.slice(0, 1).map((one) => transcript(one, words))]
}

/** The words of a film to be read and searched. */
function transcript({ language, cues }: Captions, words: Words): Element {
  const lines = cues.map((cue) =>
    h(
      'li',
      { dataFrom: String(cue.from), dataTo: String(cue.to) },
      h('time', {}, text(clock(cue.from))),
      text(' '),
      h('span', {}, text(cue.text)),
    ),
  )
  return h(
    'details',
    { className: ['ln-transcript'] },
    h('summary', {}, text(words.transcript)),
    h('ol', { lang: language }, ...lines),
  )
}

/** 65.2 is 1:05. */
function clock(seconds: number): string {
  const whole = Math.floor(seconds)
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const [first = 0, ...rest] = parts[0] === 0 ? parts.slice(1) : parts
  return [String(first), ...rest.map((part) => String(part).padStart(2, '0'))].join(':')
}

/** A language's name in itself, or its tag where there is none. */
function nameOf(tag: string): string {
  try {
    return new Intl.DisplayNames(tag, { type: 'language' }).of(tag) ?? tag
  } catch {
    return tag
  }
}
