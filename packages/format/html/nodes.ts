import type { Element, ElementContent, Properties, Root, RootContent, Text } from 'hast'

/** Markup made here from text that was escaped (highlighted code, maths); never an author's. */
export interface Raw {
  type: 'raw'
  value: string
  /** What it says, for search. */
  text: string
}

declare module 'hast' {
  interface ElementContentMap {
    raw: Raw
  }
  interface RootContentMap {
    raw: Raw
  }
}

export type Parent = Root | Element

export const isElement = <Name extends string = string>(
  node: RootContent | undefined,
  name?: Name,
): node is Element & { tagName: Name } =>
  node?.type === 'element' && (name === undefined || node.tagName === name)

/** An element, in short. */
export function h(tagName: string, properties: Properties, ...children: ElementContent[]): Element {
  return { type: 'element', tagName, properties, children }
}

export const text = (value: string): Text => ({ type: 'text', value })

/** Rebuilds a tree from its leaves up: `change` sees an element whose children are done. */
export function rebuild(
  children: RootContent[],
  change: (node: Element, line: number) => ElementContent[],
  line = 1,
): ElementContent[] {
  return children.flatMap((node): ElementContent[] => {
    if (node.type === 'doctype') return []
    if (node.type !== 'element') return [node]
    const own = node.position?.start.line ?? line
    node.children = rebuild(node.children, change, own)
    return change(node, own)
  })
}

export const classesOf = (node: Element): string[] =>
  Array.isArray(node.properties.className) ? node.properties.className.map(String) : []

export const hasClass = (node: Element, name: string): boolean => classesOf(node).includes(name)

export const property = (node: Element, name: string): string | null => {
  const value = node.properties[name]
  return value === undefined || value === null ? null : String(value)
}

/** Whitespace and nothing else. */
export const isBlank = (node: RootContent): boolean =>
  node.type === 'comment' || (node.type === 'text' && node.value.trim() === '')
