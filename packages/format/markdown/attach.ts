import type { Properties } from 'hast'
import type { Data, RootContent } from 'mdast'
import { type Attributes, parseAttributes } from './attributes.ts'
import type { Container } from './containers.ts'
import { element } from './elements.ts'
import type { ElementData } from './nodes.ts'
import type { MarkdownPage } from './page.ts'
import { lineOf } from './positions.ts'

/** Gives `{…}` in a line of text to the picture, link, code, span or heading it belongs to. */
export function attachInline(parent: Container, page: MarkdownPage): void {
  const done: RootContent[] = []
  for (const [at, node] of parent.children.entries()) {
    if (node.type !== 'inlineAttributes') {
      done.push(node)
      continue
    }
    const attributes = parseAttributes(node.value.slice(1, -1))
    const last = at === parent.children.length - 1
    if (attributes && give(attributes, done, parent, last, page, lineOf(node))) continue
    const why = 'attributes that belong to nothing are kept as text'
    page.report.approximated(lineOf(node), 'attributes', why)
    done.push({ type: 'text', value: node.value, position: node.position })
  }
  parent.children = done
}

function give(
  attributes: Attributes,
  done: RootContent[],
  parent: Container,
  last: boolean,
  page: MarkdownPage,
  line: number,
): boolean {
  const before = done.at(-1)
  if (before && takes(before)) {
    setAttributes(before, attributes, page, line)
    return true
  }
  if (
    before?.type === 'text' &&
    before.value.endsWith(']') &&
    makeSpan(attributes, done, page, line)
  ) {
    return true
  }
  const beforeSpace =
    before?.type === 'text' && before.value.trim() === '' ? done.at(-2) : undefined
  if (beforeSpace?.type === 'image' && attributes.pairs.has('alt')) {
    setAttributes(beforeSpace, attributes, page, line)
    return true
  }
  if (parent.type === 'heading' && last) {
    if (before?.type === 'text') before.value = before.value.trimEnd()
    setAttributes(parent, attributes, page, line)
    return true
  }
  return false
}

const takes = (node: RootContent) =>
  ['image', 'imageReference', 'link', 'linkReference', 'inlineCode'].includes(node.type)

/** Pandoc's `[text]{#id}`: the bracket opens in one of the nodes before. */
function makeSpan(
  attributes: Attributes,
  done: RootContent[],
  page: MarkdownPage,
  line: number,
): boolean {
  let depth = 0
  for (let at = done.length - 1; at >= 0; at--) {
    const node = done[at]
    if (node?.type !== 'text') continue
    for (let index = node.value.length - 1; index >= 0; index--) {
      if (node.value[index] === ']') depth++
      else if (node.value[index] === '[' && --depth === 0) {
        const inside = done.splice(at)
        const [first] = inside
        if (first?.type !== 'text') return false
        const before = first.value.slice(0, index)
        first.value = first.value.slice(index + 1)
        const end = inside.at(-1)
        if (end?.type === 'text') end.value = end.value.slice(0, -1)
        if (before !== '') done.push({ type: 'text', value: before, position: node.position })
        const span = element('span', {}, inside, line)
        setAttributes(span, attributes, page, line)
        done.push(span)
        return true
      }
    }
  }
  return false
}

type Target = { type: string; data?: Data | ElementData }

/** Keeps what has a meaning here (id, alternative text, width) and reports the rest. */
export function setAttributes(
  node: Target,
  attributes: Attributes,
  page: MarkdownPage,
  line: number,
): void {
  const known: Partial<ElementData> = node.data ?? {}
  const properties: Properties = { ...known.hProperties }
  const lost: string[] = attributes.classes.map((name) => `.${name}`)
  if (attributes.id !== null) properties.id = attributes.id
  for (const [key, value] of attributes.pairs) {
    const picture = node.type === 'image' || node.type === 'imageReference'
    if (picture && (key === 'alt' || key === 'fig-alt')) properties.alt = value
    else if (picture && (key === 'width' || key === 'out.width')) properties.dataWidth = value
    else if (key === 'title' || key === 'lang' || key === 'dir') properties[key] = value
    else lost.push(key)
  }
  if (lost.length > 0) {
    page.report.approximated(
      line,
      `attributes of ${node.type}`,
      `without effect: ${lost.join(' ')}`,
    )
  } else page.report.exact(line, 'attributes')
  node.data = { ...node.data, hProperties: properties }
}
