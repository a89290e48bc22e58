import type { CssNode, Selector } from 'css-tree'
import type { SvgElement } from './tree.ts'

/**
 * Whether a selector may choose an element. Only names, classes, ids and ancestors are looked at: attributes,
 * pseudo-classes and siblings are taken to fit, so this errs towards yes.
 * @param path the element's ancestors from the root on, and the element itself
 */
export function mayMatch({ children }: Selector, path: readonly SvgElement[]): boolean {
  const parts = compoundsOf(children.toArray())
  let part = parts.pop()
  if (!part || !fits(part, path.at(-1))) return false
  part = parts.pop()
  // Each of the others needs an ancestor further up; a child is an easier descendant.
  for (let at = path.length - 2; part && at >= 0; at -= 1)
    if (fits(part, path[at])) part = parts.pop()
  return part === undefined
}

/** The selector's compounds along the line of ancestors; what stands before `+` or `~` is beside that line. */
function compoundsOf(nodes: readonly CssNode[]): CssNode[][] {
  const compounds: CssNode[][] = []
  let compound: CssNode[] = []
  for (const node of nodes) {
    if (node.type !== 'Combinator') compound.push(node)
    else {
      if (node.name === ' ' || node.name === '>') compounds.push(compound)
      compound = []
    }
  }
  return [...compounds, compound]
}

function fits(compound: readonly CssNode[], element: SvgElement | undefined): boolean {
  return element !== undefined && compound.every((simple) => fitsSimple(simple, element))
}

function fitsSimple(simple: CssNode, { name, attributes }: SvgElement): boolean {
  // An escaped name may be any name.
  if (!('name' in simple) || typeof simple.name !== 'string' || simple.name.includes('\\')) {
    return true
  }
  if (simple.type === 'TypeSelector') {
    const local = simple.name.slice(simple.name.indexOf('|') + 1)
    return local === '*' || local.toLowerCase() === name.toLowerCase()
  }
  if (simple.type === 'ClassSelector') {
    return (attributes.get('class') ?? '').split(/\s+/).includes(simple.name)
  }
  if (simple.type === 'IdSelector') return attributes.get('id') === simple.name
  return true
}
