import type { RootContent } from 'mdast'
import { setAttributes } from './attach.ts'
import { parseAttributes } from './attributes.ts'
import { divElement, knownKinds } from './kinds.ts'
import type { MarkdownPage } from './page.ts'
import { lineOf } from './positions.ts'

/**
 * Applies `{: .challenge}` lines, as lessons before the Workbench have them, to the block before: a
 * quotation becomes the div it stands for, a code block gets its language.
 */
export function applyBlockAttributes(children: RootContent[], page: MarkdownPage): RootContent[] {
  const done: RootContent[] = []
  for (const node of children) {
    if (node.type !== 'blockAttributes') {
      done.push(node)
      continue
    }
    const line = lineOf(node)
    const attributes = parseAttributes(node.value.slice(1, -1))
    const before = done.at(-1)
    if (!attributes || !before) {
      page.report.dropped(line, 'attribute line', 'there is no block before it')
    } else if (before.type === 'blockquote' && attributes.classes.some(isKind)) {
      done.splice(-1, 1, ...divElement(attributes, before.children, lineOf(before), page))
      page.report.approximated(line, 'attribute line', 'the quotation it follows became a div')
    } else if (before.type === 'code' && attributes.classes.length > 0) {
      before.lang = (attributes.classes[0] ?? '').replace(/^language-/, '')
      page.report.approximated(line, 'attribute line', 'taken for the language of the code before')
    } else setAttributes(before, attributes, page, line)
  }
  return done
}

const isKind = (name: string) => knownKinds.includes(name.toLowerCase())
