import type { Properties } from 'hast'
import type { Heading, RootContent } from 'mdast'
import type { ElementData, Wrapped } from './nodes.ts'

/** The heading a div begins with, which names it, and the rest. */
export function takeTitle(children: RootContent[]): [Heading | null, RootContent[]] {
  const [first, ...rest] = children
  return first?.type === 'heading' ? [first, rest] : [null, children]
}

/** An id an author gave with `{#id}`. */
export function idOf(node: RootContent | null): string | null {
  const data: Partial<ElementData> | undefined = node?.data
  const id = data?.hProperties?.id
  return typeof id === 'string' ? id : null
}

/** An element of our own, placed on a line. */
export function element(
  hName: string,
  hProperties: Properties,
  children: RootContent[],
  line: number,
): Wrapped {
  const point = { line, column: 1, offset: 0 }
  return {
    type: 'wrapped',
    data: { hName, hProperties },
    children,
    position: { start: point, end: point },
  }
}
