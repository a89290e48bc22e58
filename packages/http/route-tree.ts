/** What a path leads to: the pattern that matched, and what was registered for it. */
export type RouteMatch<Value> = { pattern: string; value: Value }

type Node<Value> = {
  literal: Map<string, Node<Value>>
  param?: Node<Value>
  /** `*`: everything below. */
  rest?: RouteMatch<Value>
  here?: RouteMatch<Value>
}

const emptyNode = <Value>(): Node<Value> => ({ literal: new Map() })

/**
 * Finds the most specific of many patterns for a path, in one walk along its segments. A pattern is made of literal
 * segments, `:names` that match any one segment, and `*` at its end for everything below; a literal wins over a name,
 * a name over `*`.
 */
export class RouteTree<Value> {
  private readonly root: Node<Value> = emptyNode()

  add(pattern: string, value: Value): void {
    let node = this.root
    for (const segment of pattern.split('/').slice(1)) {
      if (segment === '*') {
        node.rest ??= { pattern, value }
        return
      }
      const next = segment.startsWith(':')
        ? (node.param ?? emptyNode<Value>())
        : (node.literal.get(segment) ?? emptyNode<Value>())
      if (segment.startsWith(':')) node.param = next
      else node.literal.set(segment, next)
      node = next
    }
    node.here ??= { pattern, value }
  }

  /** @param path without query */
  find(path: string): RouteMatch<Value> | undefined {
    return descend(this.root, path.split('/'), 1)
  }
}

function descend<Value>(
  node: Node<Value>,
  segments: readonly string[],
  at: number,
): RouteMatch<Value> | undefined {
  const segment = segments[at]
  if (segment === undefined) return node.here
  const literal = node.literal.get(segment)
  return (
    (literal && descend(literal, segments, at + 1)) ??
    (node.param && descend(node.param, segments, at + 1)) ??
    node.rest
  )
}
