import type { Properties } from 'hast'
import type { Data, Literal, Parent, RootContent } from 'mdast'

/** `::: challenge` or `:::`, before the fences are paired. */
export interface DivFence extends Literal {
  type: 'divFence'
}
/** `{: .quotation}` on a line of its own. */
export interface BlockAttributes extends Literal {
  type: 'blockAttributes'
}
/** `{#id .class}` after something in a line of text. */
export interface InlineAttributes extends Literal {
  type: 'inlineAttributes'
}
/** A grid table's lines, joined. */
export interface GridTable extends Literal {
  type: 'gridTable'
}
/** TeX, inline or displayed, without its delimiters. */
export interface Maths extends Literal {
  type: 'maths' | 'displayMaths'
}
/** An element of our own around blocks or text; `data` names it. */
export interface Wrapped extends Parent {
  type: 'wrapped'
  data: ElementData
  children: RootContent[]
}

export interface ElementData extends Data {
  hName: string
  hProperties?: Properties
}

declare module 'mdast' {
  interface RootContentMap {
    divFence: DivFence
    blockAttributes: BlockAttributes
    inlineAttributes: InlineAttributes
    gridTable: GridTable
    maths: Maths
    wrapped: Wrapped
  }
  interface BlockContentMap {
    divFence: DivFence
    blockAttributes: BlockAttributes
    gridTable: GridTable
    displayMaths: Maths
    wrapped: Wrapped
  }
  interface PhrasingContentMap {
    inlineAttributes: InlineAttributes
    maths: Maths
    wrappedText: Wrapped
  }
}

declare module 'micromark-util-types' {
  interface TokenTypeMap {
    divFence: 'divFence'
    divFenceLine: 'divFenceLine'
    blockAttributes: 'blockAttributes'
    blockAttributesLine: 'blockAttributesLine'
    inlineAttributes: 'inlineAttributes'
    inlineAttributesData: 'inlineAttributesData'
    gridTable: 'gridTable'
    gridTableLine: 'gridTableLine'
    mathsBlock: 'mathsBlock'
    mathsBlockLine: 'mathsBlockLine'
    mathsText: 'mathsText'
    mathsTextData: 'mathsTextData'
    subscript: 'subscript'
    superscript: 'superscript'
    scriptText: 'scriptText'
    scriptMark: 'scriptMark'
  }
}
