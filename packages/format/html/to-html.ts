import type { Element, Root, RootContent } from 'hast'
import { toHtml } from 'hast-util-to-html'
import type { Root as MdastRoot } from 'mdast'
import rehypeRaw from 'rehype-raw'
import rehypeSanitize from 'rehype-sanitize'
import remarkRehype from 'remark-rehype'
import { unified } from 'unified'
import type { PageReport } from '../report.ts'
import type { Words } from '../words.ts'
import { schema } from './allowed.ts'
import { escapeText } from './escape.ts'
import { h, isElement, type Raw, text } from './nodes.ts'
import { cleanTags } from './tags.ts'

type MathsNode = { value: string }
const maths = (node: MathsNode, kind: 'inline' | 'display'): Element =>
  h('code', { dataMaths: kind }, text(node.value))

/** A page's tree as clean HTML: raw HTML parsed, everything executable gone, links not yet resolved. */
export function toCleanTree(tree: MdastRoot, report: PageReport, words: Words): Root {
  const toRaw = unified()
    .use(remarkRehype, {
      allowDangerousHtml: true,
      clobberPrefix: '',
      footnoteLabel: words.footnotes,
      footnoteLabelProperties: { className: ['ln-footnotes-title'] },
      footnoteBackLabel: (index: number) => `${words.backToText} ${index + 1}`,
      handlers: {
        maths: (_state, node: MathsNode) => maths(node, 'inline'),
        displayMaths: (_state, node: MathsNode, parent?: { type: string }) =>
          parent?.type === 'paragraph' || parent?.type === 'heading'
            ? maths(node, 'display')
            : h('div', { className: ['ln-maths'] }, maths(node, 'display')),
      },
    })
    .use(rehypeRaw)
  const root = toRaw.runSync(tree)
  cleanTags(root, report)
  return unified().use(rehypeSanitize, schema).runSync(root)
}

/** Serialises clean nodes; `raw` ones are ours, and text is made so. */
export function serialise(nodes: RootContent[]): string {
  return toHtml(nodes.map(withEscapedText), { allowDangerousHtml: true })
}

function withEscapedText<Node extends RootContent>(node: Node): Node | Raw {
  if (node.type === 'text') return { type: 'raw', value: escapeText(node.value), text: node.value }
  if (!isElement(node)) return node
  return { ...node, children: node.children.map(withEscapedText) }
}
