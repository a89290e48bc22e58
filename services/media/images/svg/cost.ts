import { unusable } from '../limits.ts'
import type { Reference } from './css.ts'
import { referencesByElement } from './references.ts'
import type { SvgElement } from './tree.ts'

/** Elements a browser may have to draw, those that are drawn again by reference counted again. */
const most = 200_000

type Cost = {
  /** Elements that are drawn for this one, all that they refer to included. */
  drawn: number
  /** Elements that take over its fill, stroke and markers: those within, and what they use. */
  heirs: number
  /** Corners that those have, each a place for a marker. */
  corners: number
}

/**
 * Counts what is drawn when every reference is followed: ten elements that each use the next ten times are ten
 * thousand million.
 * @throws Unusable when it is too much, or an element is drawn within itself
 */
export function checkCost(root: SvgElement): void {
  const find = finderOf(root)
  const references = referencesByElement(root)
  const known = new Map<SvgElement, Cost>()
  const within = new Set<SvgElement>()
  const costOf = (element: SvgElement): Cost => {
    const before = known.get(element)
    if (before !== undefined) return before
    if (within.has(element)) throw unusable('Something in the SVG is drawn within itself.')
    // References are a chain of their own, however shallow the file is.
    if (within.size > 500) throw unusable('References in the SVG go too deep.')
    within.add(element)
    const cost = { drawn: 1, heirs: 1, corners: cornersOf(element) }
    const add = ({ drawn, heirs, corners }: Cost) => {
      cost.drawn += drawn
      cost.heirs += heirs
      cost.corners += corners
    }
    for (const child of element.children) if (typeof child !== 'string') add(costOf(child))
    const href = element.name === 'image' ? undefined : element.attributes.get('href')
    const used = href === undefined ? undefined : find(href.slice(1))
    if (used) add(costOf(used))
    for (const reference of references.get(element) ?? []) {
      const target = find(reference.id)
      if (target) cost.drawn += timesOf(reference, target, cost) * costOf(target).drawn
    }
    within.delete(element)
    if (cost.drawn > most) throw unusable(`The SVG draws more than ${most} elements.`)
    known.set(element, cost)
    return cost
  }
  costOf(root)
}

/** Finds elements as an address names them, which may have %61 for an a. */
function finderOf(root: SvgElement): (id: string) => SvgElement | undefined {
  const byId = new Map<string, SvgElement>()
  const collect = (element: SvgElement) => {
    const id = element.attributes.get('id')
    if (id !== undefined && !byId.has(id)) byId.set(id, element)
    for (const child of element.children) if (typeof child !== 'string') collect(child)
  }
  collect(root)
  return (id) => byId.get(id) ?? byId.get(decoded(id))
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id)
  } catch {
    return id
  }
}

function cornersOf({ attributes }: SvgElement): number {
  return 1 + Math.ceil((attributes.get('d') ?? attributes.get('points') ?? '').length / 4)
}

/** What is drawn once more wherever it is named, unlike a gradient or a filter. */
const drawing = new Set(['clipPath', 'marker', 'mask', 'pattern'])

/** How often an element's reference draws its target: what is inherited, for all that inherit it. */
function timesOf({ property }: Reference, target: SvgElement, { heirs, corners }: Cost): number {
  if (!drawing.has(target.name)) return 1
  // A property of the author's own may be meant for any of the others.
  if (property.startsWith('marker') || property.startsWith('--')) return corners
  return property === 'fill' || property === 'stroke' ? heirs : 1
}
