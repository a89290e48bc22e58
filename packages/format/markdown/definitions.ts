import type { Code, Paragraph, PhrasingContent, RootContent } from 'mdast'
import { element } from './elements.ts'
import type { Wrapped } from './nodes.ts'
import type { MarkdownPage } from './page.ts'
import { lineOf } from './positions.ts'

const marker = /(^|\n)[ \t]{0,3}[:~][ \t]+/

/**
 * Definition lists: a term, then lines that begin with a colon. They are read out of the paragraphs
 * Markdown takes them for, so a definition's further paragraphs must be indented by four spaces.
 */
export function readDefinitions(
  children: RootContent[],
  page: MarkdownPage,
  parse: (text: string, line: number) => RootContent[],
  isIndented: (node: Code) => boolean,
): RootContent[] {
  const done: RootContent[] = []
  for (const node of children) {
    const list = lastDefinition(done)
    if (node.type === 'code' && list && !node.lang && isIndented(node)) {
      list.push(...parse(node.value, lineOf(node)))
      continue
    }
    const entry = node.type === 'paragraph' ? readEntry(node, done) : null
    if (!entry) {
      done.push(node)
      continue
    }
    page.report.exact(lineOf(node), 'definition')
    const open = lastList(done)
    if (open) open.children.push(...entry)
    else done.push(element('dl', {}, entry, lineOf(node)))
  }
  return done
}

function lastList(done: RootContent[]): Wrapped | null {
  const last = done.at(-1)
  return last?.type === 'wrapped' && last.data.hName === 'dl' ? last : null
}

function lastDefinition(done: RootContent[]): RootContent[] | null {
  const last = lastList(done)?.children.at(-1)
  return last?.type === 'wrapped' ? last.children : null
}

function readEntry(node: Paragraph, done: RootContent[]): Wrapped[] | null {
  const pieces = split(node.children)
  const [term, ...definitions] = pieces
  if (!term || definitions.length === 0) return null
  const line = lineOf(node)
  const parts: Wrapped[] = []
  if (term.length > 0) parts.push(...terms(term, line))
  else {
    // the term may be a paragraph of its own, or a further definition of the last term
    const before = done.at(-1)
    if (before?.type === 'paragraph' && isOneLine(before)) {
      done.pop()
      parts.push(...terms(before.children, lineOf(before)))
    } else if (!lastList(done)) return null
  }
  for (const definition of definitions) {
    const text: RootContent = { type: 'paragraph', children: definition, position: node.position }
    parts.push(element('dd', {}, [text], line))
  }
  return parts
}

const isOneLine = (node: Paragraph) =>
  node.position !== undefined && node.position.start.line === node.position.end.line

const terms = (children: PhrasingContent[], line: number) => [element('dt', {}, children, line)]

/** Cuts the children of a paragraph where a line begins with a colon. */
function split(children: PhrasingContent[]): PhrasingContent[][] {
  const pieces: PhrasingContent[][] = [[]]
  for (const [at, child] of children.entries()) {
    if (child.type !== 'text') {
      pieces.at(-1)?.push(child)
      continue
    }
    let rest = child.value
    let first = at === 0
    for (let match = marker.exec(rest); match; match = marker.exec(rest)) {
      if (match[1] === '' && !first) break
      const before = rest.slice(0, match.index)
      if (before !== '') pieces.at(-1)?.push({ ...child, value: before })
      pieces.push([])
      rest = rest.slice(match.index + match[0].length)
      first = false
    }
    if (rest !== '') pieces.at(-1)?.push({ ...child, value: rest })
  }
  return pieces
}
