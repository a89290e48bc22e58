import type { Code, Image, ImageReference, Root, RootContent } from 'mdast'
import { attachInline } from './attach.ts'
import { readCaptions } from './captions.ts'
import { readCodeInfo } from './code-info.ts'
import { type Container, isContainer } from './containers.ts'
import { readDefinitions } from './definitions.ts'
import { pairFences } from './divs.ts'
import { readFigures } from './figures.ts'
import { gridElement } from './grid-elements.ts'
import { applyBlockAttributes } from './kramdown.ts'
import type { MarkdownPage } from './page.ts'
import { moveDown } from './positions.ts'
import { readHtml } from './raw-html.ts'
import { parseMarkdown } from './syntax.ts'

/** Markdown inside Markdown: cells of cells of cells end somewhere. */
const deepest = 6

/**
 * Markdown to a tree in which divs, grid tables, definition lists, figures and attributes are what
 * they mean. `firstLine` is the line of the file the text begins on.
 */
export function readTree(text: string, page: MarkdownPage, firstLine: number): Root {
  return readPart(text, page, firstLine, linkDefinitions(text), 0)
}

function readPart(
  text: string,
  page: MarkdownPage,
  firstLine: number,
  definitions: string,
  depth: number,
): Root {
  const root = parseMarkdown(text)
  moveDown(root, firstLine - 1)
  const parse = (part: string, line: number): RootContent[] => {
    if (depth >= deepest) return [{ type: 'code', value: part }]
    // what the page defines, its parts may refer to
    const inner = readPart(`${part}\n\n${definitions}`, page, line, definitions, depth + 1)
    return inner.children.filter((node) => node.type !== 'definition')
  }
  const sourceFrom = (node: RootContent) => text.slice(node.position?.start.offset ?? 0)
  const isIndented = (node: Code) => !/^\s*(`{3}|~{3})/.test(sourceFrom(node))
  const labelOf = (image: Image | ImageReference) => labelIn(sourceFrom(image)) ?? image.alt ?? ''

  const reshape = (parent: Container): void => {
    let nodes = readHtml(parent.children, page, parse)
    nodes = readCodeInfo(nodes, page, isIndented)
    parent.children = nodes
    for (const node of nodes) if (isContainer(node)) reshape(node)
    attachInline(parent, page)
    nodes = applyBlockAttributes(parent.children, page)
    nodes = nodes.map((node) => (node.type === 'gridTable' ? gridElement(node, page, parse) : node))
    nodes = readCaptions(nodes, page)
    nodes = readDefinitions(nodes, page, parse, isIndented)
    nodes = readFigures(nodes, page, labelOf, parse)
    parent.children = pairFences(nodes, page)
  }
  if (isContainer(root)) reshape(root)
  return root
}

/** The source between a picture's brackets. */
function labelIn(source: string): string | null {
  if (!source.startsWith('![')) return null
  let depth = 0
  for (let at = 1; at < source.length; at++) {
    if (source[at] === '\\') at++
    else if (source[at] === '[') depth++
    else if (source[at] === ']' && --depth === 0) {
      return source.slice(2, at).replace(/\n[ \t>]*/g, '\n')
    }
  }
  return null
}

const linkDefinitions = (text: string) =>
  (text.match(/^ {0,3}\[[^\]\n]+\]:[ \t]*\S.*$/gm) ?? []).join('\n')
