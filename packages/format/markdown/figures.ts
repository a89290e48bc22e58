import type { Image, ImageReference, Paragraph, PhrasingContent, RootContent } from 'mdast'
import { element } from './elements.ts'
import type { MarkdownPage } from './page.ts'
import { lineOf } from './positions.ts'

/**
 * A picture alone in its paragraph is a figure; the words in its brackets are the caption, read as
 * Markdown. `labelOf` gives the source between the brackets, `parse` reads it.
 */
export function readFigures(
  children: RootContent[],
  page: MarkdownPage,
  labelOf: (image: Image | ImageReference) => string,
  parse: (text: string, line: number) => RootContent[],
): RootContent[] {
  const figure = (child: PhrasingContent): RootContent => {
    const image = child.type === 'link' ? child.children.find(isPicture) : child
    const line = lineOf(child)
    if (!image || !isPicture(image)) return child
    const label = labelOf(image)
    const [first] = label.trim() === '' ? [] : parse(label, line)
    const words: RootContent[] =
      first?.type === 'paragraph' ? first.children : label ? [{ type: 'text', value: label }] : []
    const parts: RootContent[] = [child]
    if (words.length > 0) parts.push(element('figcaption', {}, words, line))
    page.report.exact(line, 'figure')
    return element('figure', { className: ['ln-figure'] }, parts, line)
  }
  return children.flatMap((node): RootContent[] => {
    if (node.type !== 'paragraph') return [node]
    return takeApart(node).flatMap((part): RootContent[] =>
      part.type === 'paragraph' && holdsOnlyPictures(part)
        ? part.children.filter((child) => !isBlank(child)).map(figure)
        : [part],
    )
  })
}

/** A picture on a line of its own ends the paragraph it is in. */
function takeApart(node: Paragraph): Paragraph[] {
  const alone = (at: number): boolean => {
    const [before, child, after] = [node.children[at - 1], node.children[at], node.children[at + 1]]
    if (!child || !(isPicture(child) || isLinkedPicture(child))) return false
    const starts =
      !before ||
      before.type === 'break' ||
      (before.type === 'text' && /\n[ \t]*$/.test(before.value))
    const ends =
      !after || after.type === 'break' || (after.type === 'text' && /^[ \t]*\n/.test(after.value))
    return starts && ends
  }
  const parts: Paragraph[] = []
  let open: PhrasingContent[] = []
  const close = () => {
    if (!open.every(isBlank)) parts.push({ ...node, children: trimmed(open) })
    open = []
  }
  for (const [at, child] of node.children.entries()) {
    if (!alone(at)) {
      open.push(child)
      continue
    }
    close()
    parts.push({ ...node, children: [child] })
  }
  close()
  return parts
}

/** Without the line ends next to where a picture was. */
function trimmed(children: PhrasingContent[]): PhrasingContent[] {
  const last = children.length - 1
  return children.map((child, at) => {
    if (child.type !== 'text') return child
    let { value } = child
    if (at === 0) value = value.trimStart()
    if (at === last) value = value.trimEnd()
    return { ...child, value }
  })
}

const isPicture = (node: RootContent): node is Image | ImageReference =>
  node.type === 'image' || node.type === 'imageReference'

const isBlank = (node: PhrasingContent) =>
  node.type === 'break' || (node.type === 'text' && node.value.trim() === '')

const isLinkedPicture = (node: PhrasingContent) =>
  node.type === 'link' &&
  node.children.some(isPicture) &&
  node.children.every((child) => isPicture(child) || isBlank(child))

function holdsOnlyPictures(node: Paragraph): boolean {
  const shown = node.children.filter((child) => !isBlank(child))
  return shown.length > 0 && shown.every((child) => isPicture(child) || isLinkedPicture(child))
}
