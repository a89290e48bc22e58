import {
  type Reference,
  referencesInDeclarations,
  referencesInValue,
  referringRules,
} from './css.ts'
import { mayMatch } from './match.ts'
import type { SvgElement } from './tree.ts'

/**
 * What each element of a picture names by its attributes, its `style` attribute and the picture's style sheets. A rule
 * counts wherever it may apply, even where another one wins.
 */
export function referencesByElement(root: SvgElement): Map<SvgElement, Reference[]> {
  const rules = sheetsOf(root).flatMap(referringRules)
  const found = new Map<SvgElement, Reference[]>()
  const path: SvgElement[] = []
  const collect = (element: SvgElement) => {
    path.push(element)
    const references = ownReferences(element)
    for (const rule of rules) {
      if (rule.selectors.some((selector) => mayMatch(selector, path))) {
        references.push(...rule.references)
      }
    }
    if (references.length > 0) found.set(element, distinct(references))
    for (const child of element.children) if (typeof child !== 'string') collect(child)
    path.pop()
  }
  collect(root)
  return found
}

function sheetsOf(root: SvgElement): string[] {
  const sheets: string[] = []
  const collect = ({ name, children }: SvgElement) => {
    for (const child of children) {
      if (typeof child !== 'string') collect(child)
      else if (name === 'style') sheets.push(child)
    }
  }
  collect(root)
  return sheets
}

function ownReferences({ attributes }: SvgElement): Reference[] {
  const found: Reference[] = []
  for (const [key, value] of attributes) {
    if (!value.includes('(')) continue
    if (key === 'style') found.push(...referencesInDeclarations(value))
    else if (/url\(/i.test(value)) found.push(...referencesInValue(key, value))
  }
  return found
}

function distinct(references: readonly Reference[]): Reference[] {
  return [...new Map(references.map((one) => [`${one.property} ${one.id}`, one])).values()]
}
