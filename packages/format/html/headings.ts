import type { Element, Root } from 'hast'
import { Names, slugOf } from '../slugs.ts'
import { hasClass, isElement, type Parent, property } from './nodes.ts'
import { plainOf } from './plain.ts'

const rank = (node: Element): number | null => {
  const digit = /^h([1-6])$/.exec(node.tagName)?.[1]
  return digit === undefined ? null : hasClass(node, 'ln-title') ? 0 : Number(digit)
}

const isBox = (node: Element) =>
  ['ln-callout', 'ln-challenge', 'ln-solution', 'ln-spoiler', 'ln-tabs', 'ln-tab'].some((name) =>
    hasClass(node, name),
  )

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
  const visit = (parent: Parent, inAside: boolean) => {
    for (const node of parent.children) {
      if (!isElement(node)) continue
      const title = isBox(node) ? titleOf(node) : null
      const own = property(node, 'id')
      if (title && !hasClass(node, 'ln-tabs') && !isPlainSolution(node, own)) {
        const id = names.take(own ?? slugOf(plainOf(title.children), 'box'))
        node.properties.id = id
        if (title.tagName !== 'summary') title.properties.id = names.take(`${id}-title`)
        if (node.tagName === 'aside') node.properties.ariaLabelledBy = [String(title.properties.id)]
        // an aside in an aside is no landmark
        if (node.tagName === 'aside' && inAside) {
          node.tagName = 'div'
          node.properties.role = 'note'
        }
      } else if (own !== null) node.properties.id = names.take(own)
      else if (rank(node) !== null && rank(node) !== 0) {
        node.properties.id = names.take(slugOf(plainOf(node.children), 'section'))
      }
      if (title?.properties.id) visitInside(node, title, inAside)
      else visit(node, inAside || node.tagName === 'aside')
    }
  }
  const visitInside = (box: Element, title: Element, inAside: boolean) => {
    visit(title, inAside)
    visit(
      { ...box, children: box.children.filter((child) => child !== title) },
      inAside || box.tagName === 'aside',
    )
  }
  visit(root, false)
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
