import './nodes.ts'
import type { Root } from 'mdast'
import remarkGfm from 'remark-gfm'
import remarkParse from 'remark-parse'
import { type Data, type Processor, unified } from 'unified'
import { blockAttributes, divFence } from './fences.ts'
import { gridTable } from './grid-tables.ts'
import { inlineAttributes } from './inline-attributes.ts'
import { backslashMaths, displayedTex, dollarMaths, inlineTex, mathsBlock } from './maths.ts'
import { scriptMark } from './scripts.ts'

type Extension = Exclude<NonNullable<Data['fromMarkdownExtensions']>[number], unknown[]>

type Handle = NonNullable<NonNullable<Extension['exit']>['text']>

const close: Handle = function (token) {
  this.exit(token)
}

const append: Handle = function (token) {
  const node = this.stack[this.stack.length - 1]
  if (!node || !('value' in node)) return
  node.value += (node.value === '' ? '' : '\n') + this.sliceSerialize(token)
}

const toTree: Extension = {
  enter: {
    divFence(token) {
      this.enter({ type: 'divFence', value: this.sliceSerialize(token).trim() }, token)
    },
    blockAttributes(token) {
      this.enter({ type: 'blockAttributes', value: this.sliceSerialize(token).trim() }, token)
    },
    gridTable(token) {
      this.enter({ type: 'gridTable', value: '' }, token)
    },
    mathsBlock(token) {
      this.enter({ type: 'displayMaths', value: '' }, token)
    },
    inlineAttributes(token) {
      this.enter({ type: 'inlineAttributes', value: '' }, token)
    },
    subscript(token) {
      this.enter({ type: 'wrapped', data: { hName: 'sub' }, children: [] }, token)
    },
    superscript(token) {
      this.enter({ type: 'wrapped', data: { hName: 'sup' }, children: [] }, token)
    },
    mathsText(token) {
      this.enter({ type: 'maths', value: '' }, token)
    },
  },
  exit: {
    divFence: close,
    blockAttributes: close,
    gridTable: close,
    inlineAttributes: close,
    subscript: close,
    superscript: close,
    scriptText(token) {
      const node = this.stack[this.stack.length - 1]
      const value = this.sliceSerialize(token)
      if (node?.type === 'wrapped') node.children.push({ type: 'text', value })
    },
    mathsBlock(token) {
      const node = this.stack[this.stack.length - 1]
      if (node?.type === 'displayMaths') node.value = displayedTex(node.value)
      this.exit(token)
    },
    mathsText(token) {
      const node = this.stack[this.stack.length - 1]
      if (node?.type === 'maths') {
        const { tex, display } = inlineTex(node.value)
        node.value = tex
        if (display) node.type = 'displayMaths'
      }
      this.exit(token)
    },
    gridTableLine: append,
    mathsBlockLine: append,
    inlineAttributesData: append,
    mathsTextData: append,
  },
}

function courseSyntax(this: Processor): void {
  const data = this.data()
  data.micromarkExtensions ??= []
  data.fromMarkdownExtensions ??= []
  data.micromarkExtensions.push({
    flow: {
      36: mathsBlock,
      43: gridTable,
      58: divFence,
      92: mathsBlock,
      123: blockAttributes,
    },
    text: {
      36: dollarMaths,
      92: backslashMaths,
      94: scriptMark(94, 'superscript'),
      123: inlineAttributes,
      126: scriptMark(126, 'subscript'),
    },
  })
  data.fromMarkdownExtensions.push(toTree)
}

const parser = unified()
  .use(remarkParse)
  .use(remarkGfm, { singleTilde: false })
  .use(courseSyntax)
  .freeze()

/** Markdown to a tree, with the Workbench's and Pandoc's additions as nodes of their own. */
export function parseMarkdown(text: string): Root {
  return parser.parse(text)
}
