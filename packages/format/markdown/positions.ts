import type { Node } from 'mdast'
import { isContainer } from './containers.ts'

/** The line of the file a node begins on; 1 when it is not known. */
export const lineOf = (node: Node | undefined): number => node?.position?.start.line ?? 1

/** Moves a tree down by `lines`, so that the lines of a part become lines of its file. */
export function moveDown(node: Node, lines: number): void {
  if (lines === 0) return
  if (node.position) {
    node.position.start.line += lines
    node.position.end.line += lines
  }
  if (isContainer(node)) for (const child of node.children) moveDown(child, lines)
}
