import type { CssNode, Declaration, Selector, StyleSheet } from 'css-tree'
import generate from 'css-tree/generator'
import parse from 'css-tree/parser'
import walk from 'css-tree/walker'
import { functions, properties } from './vocabulary.ts'

/** Whether a value fetches nothing: known functions only, and no address but that of an element of the same file. */
function isHarmless(value: CssNode): boolean {
  let harmless = true
  walk(value, (node) => {
    if (node.type === 'Url') harmless &&= node.value.startsWith('#')
    else if (node.type === 'Function') harmless &&= functions.has(node.name.toLowerCase())
    // What the parser left unread: what stands after the comma in var(), or what it did not understand.
    else if (node.type === 'Raw') harmless &&= cleanValue(node.value) !== undefined
  })
  return harmless
}

/** A value as the parser understood it; undefined where it is not harmless or no value at all. */
export function cleanValue(text: string): string | undefined {
  const value = read(() => parse(text, { context: 'value' }))
  return value && value.type !== 'Raw' && isHarmless(value) ? generate(value) : undefined
}

const isKept = ({ property, value }: Declaration) =>
  (property.startsWith('--') || properties.has(property.toLowerCase())) &&
  value.type !== 'Raw' &&
  isHarmless(value)

/** The declarations of a `style` attribute that are harmless. */
export function cleanDeclarations(text: string): string {
  const list = read(() => parse(text, { context: 'declarationList', parseCustomProperty: true }))
  if (list?.type !== 'DeclarationList') return ''
  return list.children
    .toArray()
    .flatMap((node) => (node.type === 'Declaration' && isKept(node) ? [generate(node)] : []))
    .join(';')
}

/** The rules of a style sheet that are harmless; of the rules that begin with @ only media queries. */
export function cleanStyleSheet(text: string): string {
  const sheet = read(() => parse(text, { parseCustomProperty: true }))
  return sheet?.type === 'StyleSheet' ? cleanRules(sheet.children) : ''
}

function cleanRules(rules: StyleSheet['children']): string {
  return rules
    .toArray()
    .map((rule) => {
      if (rule.type === 'Rule' && rule.prelude.type === 'SelectorList') {
        const kept = rule.block.children
          .toArray()
          .flatMap((node) => (node.type === 'Declaration' && isKept(node) ? [generate(node)] : []))
        return kept.length > 0 ? `${generate(rule.prelude)}{${kept.join(';')}}` : ''
      }
      if (rule.type === 'Atrule' && rule.name === 'media' && rule.block && rule.prelude) {
        if (rule.prelude.type === 'Raw') return ''
        const inner = cleanRules(rule.block.children)
        return inner ? `@media ${generate(rule.prelude)}{${inner}}` : ''
      }
      return ''
    })
    .join('')
}

/** A property that names an element of the same file: by `url(#id)`. */
export type Reference = { id: string; property: string }

/** Elements that the declarations of a `style` attribute name. */
export function referencesInDeclarations(text: string): Reference[] {
  const list = read(() => parse(text, { context: 'declarationList', parseCustomProperty: true }))
  return list ? referencesIn(list) : []
}

/** Elements that a property's value names. */
export function referencesInValue(property: string, text: string): Reference[] {
  const value = read(() => parse(text, { context: 'value' }))
  return value ? idsIn(value).map((id) => ({ property, id })) : []
}

/** The rules of a style sheet that name elements, those within media queries too. */
export function referringRules(text: string): { selectors: Selector[]; references: Reference[] }[] {
  const sheet = read(() => parse(text, { parseCustomProperty: true }))
  const rules: { selectors: Selector[]; references: Reference[] }[] = []
  if (!sheet) return rules
  walk(sheet, (rule) => {
    if (rule.type !== 'Rule' || rule.prelude.type !== 'SelectorList') return
    const references = referencesIn(rule.block)
    const selectors = rule.prelude.children
      .toArray()
      .flatMap((node) => (node.type === 'Selector' ? [node] : []))
    if (references.length > 0) rules.push({ selectors, references })
  })
  return rules
}

function referencesIn(block: CssNode): Reference[] {
  const found: Reference[] = []
  walk(block, (node) => {
    if (node.type !== 'Declaration') return
    const property = node.property.startsWith('--') ? node.property : node.property.toLowerCase()
    for (const id of idsIn(node.value)) found.push({ property, id })
  })
  return found
}

function idsIn(value: CssNode): string[] {
  const ids: string[] = []
  walk(value, (node) => {
    if (node.type === 'Url' && node.value.startsWith('#')) ids.push(node.value.slice(1))
    // What stands after the comma in var() is left unread by the parser.
    else if (node.type === 'Raw' && node.value.includes('(')) {
      const inner = read(() => parse(node.value, { context: 'value' }))
      if (inner && inner.type !== 'Raw') ids.push(...idsIn(inner))
    }
  })
  return ids
}

function read(parsing: () => CssNode): CssNode | undefined {
  try {
    return parsing()
  } catch {
    return undefined
  }
}
