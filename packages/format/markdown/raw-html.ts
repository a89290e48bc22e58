import type { Html, RootContent } from 'mdast'
import type { MarkdownPage } from './page.ts'
import { lineOf } from './positions.ts'

const elements = new Set(
  `a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink
  blockquote body br button canvas caption center cite code col colgroup data datalist dd del details
  dfn dialog dir div dl dt em embed fieldset figcaption figure font footer form frame frameset h1 h2 h3
  h4 h5 h6 head header hgroup hr html i iframe img input ins kbd label legend li link main map mark
  marquee math menu meta meter nav nobr noembed noframes noscript object ol optgroup option output p
  param picture plaintext portal pre progress q rp rt ruby s samp script search section select slot small
  source span strike strong style sub summary sup svg table tbody td template textarea tfoot th thead
  time title tr track tt u ul var video wbr xmp`.split(/\s+/),
)

/** A line of nothing but tags, of elements that may hold Markdown. */
const opensBlock =
  /^(?:[ \t]*<\/?(?:div|section|article|aside|center|figure|blockquote|p|span|a|br|hr|img)\b[^>\n]*>)+[ \t]*\n/i

/**
 * Prepares HTML in Markdown: comments go, what only looks like a tag (`<file>`) is text again, and
 * Markdown right after an opening tag is read as Markdown.
 */
export function readHtml(
  children: RootContent[],
  page: MarkdownPage,
  parse: (text: string, line: number) => RootContent[],
): RootContent[] {
  return children.flatMap((node) => (node.type === 'html' ? readOne(node, page, parse) : [node]))
}

function readOne(
  node: Html,
  page: MarkdownPage,
  parse: (text: string, line: number) => RootContent[],
): RootContent[] {
  const line = lineOf(node)
  node.value = node.value.replace(/<!--[\s\S]*?(-->|$)/g, (_, _end, at: number) => {
    page.report.dropped(line + linesIn(node.value.slice(0, at)), 'comment', 'not meant for readers')
    return ''
  })
  if (node.value.trim() === '') return []
  node.value = node.value.replace(
    /<(\/?)([A-Za-z][^\s/>]*)([^>]*)>/g,
    (tag, slash: string, name: string) => {
      if (elements.has(name.toLowerCase())) return tag
      if (slash === '') {
        page.report.approximated(line, 'unknown tag', `“<${name}>” is no HTML; shown as text`)
      }
      return tag.replace(/</g, '&lt;').replace(/>/g, '&gt;')
    },
  )
  const opening = opensBlock.exec(node.value)?.[0]
  const rest = opening ? node.value.slice(opening.length) : ''
  if (opening === undefined || rest.trim() === '' || /^\s*</.test(rest)) return [node]
  const inner = parse(rest, line + 1)
  return [{ type: 'html', value: opening.trim(), position: node.position }, ...inner]
}

const linesIn = (text: string) => text.split('\n').length - 1
