import { unusable } from '../limits.ts'
import type { SvgElement } from './tree.ts'

/** Elements a browser may have to draw, those that are drawn again by reference counted again. */
const most = 200_000

/**
 * Counts what is drawn when every reference is followed: ten elements that each use the next ten times are ten
 * thousand million.
 * @throws Problem 422 when it is too much, or an element is drawn within itself
 */
export function checkCost(root: SvgElement): void {
  const byId = new Map<string, SvgElement>()
  const collect = (element: SvgElement) => {
    const id = element.attributes.get('id')
    if (id !== undefined && !byId.has(id)) byId.set(id, element)
    for (const child of element.children) if (typeof child !== 'string') collect(child)
  }
  collect(root)

  const known = new Map<SvgElement, number>()
  const within = new Set<SvgElement>()
  const costOf = (element: SvgElement): number => {
    const before = known.get(element)
    if (before !== undefined) return before
    if (within.has(element)) throw unusable('Something in the SVG is drawn within itself.')
    // References are a chain of their own, however shallow the file is.
    if (within.size > 500) throw unusable('References in the SVG go too deep.')
    within.add(element)
    let cost = 1
    for (const child of element.children) cost += typeof child === 'string' ? 0 : costOf(child)
    for (const { id, times } of referencesOf(element)) {
      const target = byId.get(id)
      if (target) cost += times * costOf(target)
    }
    within.delete(element)
    if (cost > most) throw unusable(`The SVG draws more than ${most} elements.`)
    known.set(element, cost)
    return cost
  }
  costOf(root)

  // A style sheet may refer from anywhere, so each of its targets is taken to be drawn by all of the others.
  let product = 1
  for (const id of sheetReferences(root)) {
    const target = byId.get(id)
    if (!target || !drawing.has(target.name)) continue
    product *= costOf(target)
    if (product > most) throw unusable(`The SVG's style sheet draws more than ${most} elements.`)
  }
}

/** What is drawn where a style sheet names it, unlike a gradient or a filter. */
const drawing = new Set(['clipPath', 'marker', 'mask', 'pattern'])

function sheetReferences(root: SvgElement): Set<string> {
  const found = new Set<string>()
  const collect = ({ name, children }: SvgElement) => {
    for (const child of children) {
      if (typeof child !== 'string') collect(child)
      else if (name === 'style') for (const id of addressesIn(child)) found.add(id)
    }
  }
  collect(root)
  return found
}

/** Values were written by our own CSS generator by now, so an address has one form only. */
const addressesIn = (css: string) => [...css.matchAll(/url\(#([^)]*)\)/g)].map(([, id = '']) => id)

/** Elements that an element refers to, and how often it draws them: a marker is drawn at every corner. */
function* referencesOf({ name, attributes }: SvgElement): Generator<{ id: string; times: number }> {
  const shape = (attributes.get('d') ?? attributes.get('points') ?? '').length
  for (const [key, value] of attributes) {
    if (key === 'href' && name !== 'image') yield { id: value.slice(1), times: 1 }
    for (const id of addressesIn(value)) {
      const corners = /marker/.test(key) || (key === 'style' && /marker/.test(value))
      yield { id, times: corners ? 1 + Math.ceil(shape / 4) : 1 }
    }
  }
}
