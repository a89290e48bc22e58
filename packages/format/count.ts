import type { Root } from 'mdast'
import { visit } from 'unist-util-visit'
import type { PageReport } from './report.ts'

const counted = new Map([
  ['heading', 'heading'],
  ['paragraph', 'paragraph'],
  ['list', 'list'],
  ['code', 'code block'],
  ['table', 'table'],
  ['image', 'image'],
  ['imageReference', 'image'],
  ['link', 'link'],
  ['linkReference', 'link'],
  ['blockquote', 'quotation'],
  ['thematicBreak', 'rule'],
  ['footnoteReference', 'footnote'],
  ['emphasis', 'emphasis'],
  ['strong', 'emphasis'],
  ['delete', 'emphasis'],
  ['inlineCode', 'inline code'],
  ['html', 'HTML'],
])

/** Counts what a page is made of; what became of the unusual parts is reported where it happens. */
export function countElements(tree: Root, report: PageReport): void {
  visit(tree, (node) => {
    const name = counted.get(node.type)
    if (name !== undefined) report.exact(node.position?.start.line ?? 1, name)
  })
}
