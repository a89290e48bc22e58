import type { Element, Root, RootContent } from 'hast'
import { Names, slugOf } from '../slugs.ts'
import { hasClass, isElement, type Parent, property } from './nodes.ts'
import { plainOf } from './plain.ts'

const rank = (node: Element): number | null => {
  const digit = /^h([1-6])$/.exec(node.tagName)?.[1]
  return digit === undefined ? null : hasClass(node, 'ln-title') ? 0 : Number(digit)
}

const isBox = (node: Element) =>
  [
    'ln-callout',
    'ln-challenge',
    'ln-quiz',
    'ln-assignment',
    'ln-solution',
    'ln-spoiler',
    'ln-tabs',
    'ln-tab',
  ].some((name) => hasClass(node, name))

/** Heading levels start at h2 and never skip one, also in boxes, whatever the author's were. */
export function levelHeadings(parent: Parent, base = 1): void {
  const open: number[] = []
  const visit = (within: Parent) => {
    for (const node of within.children) {
      if (!isElement(node)) continue
      const own = rank(node)
      if (own !== null) {
        while ((open.at(-1) ?? -1) >= own) open.pop()
        open.push(own)
        node.tagName = `h${Math.min(6, base + open.length)}`
      } else if (isBox(node)) levelHeadings(node, Math.min(5, base + open.length))
      else visit(node)
    }
  }
  visit(parent)
}

/**
 * Gives every heading and box an id of its own. A box takes the id its title would have, and its
 * title that id and `-title`. An author's own id that is taken already gets a number, too.
 */
export function nameHeadings(root: Root): Set<string> {
  const names = new Names()
  const visit = (nodes: RootContent[]) => {
    for (const node of nodes) {
      if (!isElement(node)) continue
      const title = isBox(node) ? titleOf(node) : null
      const own = property(node, 'id')
      if (title && !hasClass(node, 'ln-tabs') && !isPlainSolution(node, own)) {
        const id = names.take(own ?? slugOf(plainOf(title.children), 'box'))
        node.properties.id = id
        if (title.tagName !== 'summary') title.properties.id = names.take(`${id}-title`)
        if (node.tagName === 'aside') {
          node.properties.ariaLabelledBy = [String(title.properties.id)]
          // no landmark: a page may have many, some of one name, some in one another
          node.properties.role = 'note'
        }
        visit(title.children)
        visit(node.children.filter((child) => child !== title))
        continue
      }
      if (own !== null) node.properties.id = names.take(own)
      else if (rank(node) !== null && rank(node) !== 0) {
        node.properties.id = names.take(slugOf(plainOf(node.children), 'section'))
      }
      visit(node.children)
    }
  }
  visit(root.children)
  return ids(root)
}

const titleOf = (node: Element): Element | null => {
  const first = node.children.find((child) => isElement(child))
  return isElement(first) && (first.tagName === 'summary' || hasClass(first, 'ln-title'))
    ? first
    : null
}

/** Most solutions are called “Solution”: an id for each would only be noise. */
const isPlainSolution = (node: Element, own: string | null) =>
  own === null && node.tagName === 'details'

function ids(parent: Parent): Set<string> {
  const found = new Set<string>()
  const visit = (within: Parent) => {
    for (const node of within.children) {
      if (!isElement(node)) continue
      const id = property(node, 'id')
      if (id !== null) found.add(id)
      visit(node)
    }
  }
  visit(parent)
  return found
}
