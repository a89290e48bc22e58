import type { Element, ElementContent, Root } from 'hast'
import type { PageReport } from '../report.ts'
import { isAllowed, isAllowedAttribute, isAllowedClass, isAllowedUrl } from './allowed.ts'
import { classesOf, h, isElement, property, rebuild, text } from './nodes.ts'
import { plainOf } from './plain.ts'

const executable = [
  'script',
  'object',
  'embed',
  'applet',
  'noscript',
  'template',
  'link',
  'meta',
  'base',
]
const unreadable = [
  'style',
  'svg',
  'math',
  'canvas',
  'form',
  'button',
  'select',
  'textarea',
  'input',
  'title',
]

/**
 * Says what cleaning will take away, and saves what can be saved: frames and films become links.
 * The guarantee that nothing executable is left is rehype-sanitize's, after this.
 */
export function cleanTags(root: Root, report: PageReport): void {
  root.children = rebuild(root.children, (node, line) => {
    const kept = readTag(node, line, report)
    if (kept.includes(node) && isAllowed(node.tagName)) readAttributes(node, line, report)
    return kept
  })
}

function readTag(node: Element, line: number, report: PageReport): ElementContent[] {
  const name = node.tagName
  if (name === 'input' && node.properties.type === 'checkbox' && node.properties.disabled) {
    return [node]
  }
  if (name === 'iframe' || name === 'video' || name === 'audio') return embedded(node, line, report)
  if (executable.includes(name)) {
    report.dropped(line, `<${name}>`, 'lessons run nothing')
    return []
  }
  if (unreadable.includes(name)) {
    report.dropped(line, `<${name}>`, 'it has no place in a lesson; a picture belongs into a file')
    return []
  }
  if (name === 'source' || name === 'track' || name === 'param') return [node]
  if (name === 'p' && node.children.length === 0) return []
  if (name === 'picture') return node.children.filter((child) => isElement(child, 'img'))
  if (isAllowed(name)) return [node]
  report.approximated(line, `<${name}>`, 'the tag has no effect; what it holds is kept')
  return node.children
}

function embedded(node: Element, line: number, report: PageReport): ElementContent[] {
  const source = node.children.find((child) => isElement(child, 'source'))
  const given = property(node, 'src') ?? (isElement(source) ? property(source, 'src') : null)
  const src = given?.startsWith('//') ? `https:${given}` : given
  if (!src || !isAllowedUrl(src)) {
    report.dropped(line, `<${node.tagName}>`, 'it names nothing that can be linked to')
    return []
  }
  report.approximated(
    line,
    `<${node.tagName}>`,
    'shown as a link: pages load nothing from elsewhere',
  )
  const inside = node.children.filter((child) => !isElement(child, 'source'))
  const label = property(node, 'title') ?? (plainOf(inside) || src)
  const link = h('a', { href: src }, text(label))
  link.position = node.position
  return [h('p', {}, link)]
}

function readAttributes(node: Element, line: number, report: PageReport): void {
  const lost: string[] = []
  for (const name of Object.keys(node.properties)) {
    if (name === 'className') {
      lost.push(
        ...classesOf(node)
          .filter((one) => !isAllowedClass(one) && !ours(one))
          .map((one) => `.${one}`),
      )
    } else if (/^on/i.test(name)) report.dropped(line, `${name} handler`, 'lessons run nothing')
    else if (!isAllowedAttribute(node.tagName, name) && name !== 'markdown') lost.push(name)
  }
  for (const name of ['href', 'src', 'cite']) {
    const url = property(node, name)
    if (url !== null && !isAllowedUrl(url)) {
      report.dropped(line, 'address', `“${url.slice(0, 40)}” is of a kind that is not linked to`)
    }
  }
  if (lost.length > 0) {
    report.approximated(line, `<${node.tagName}>`, `without effect: ${lost.join(' ')}`)
  }
}

/** Classes the Markdown reader sets and later steps replace. */
const ours = (name: string) =>
  /^(task-list-item|contains-task-list|footnotes|sr-only|data-footnote-backref)$/.test(name)
