import type { Element, ElementContent, Root } from 'hast'
import type { PageReport } from '../report.ts'
import { classesOf, h, hasClass, isBlank, isElement, property, rebuild } from './nodes.ts'

/** Makes figures of pictures that stand alone, and gives a figure the width class of its picture. */
export function shapeFigures(root: Root, report: PageReport): void {
  root.children = rebuild(root.children, (node, line) => {
    if (node.tagName === 'figure' && !hasClass(node, 'ln-code')) return figure(node, line, report)
    if (node.tagName === 'p' && isLonePicture(node)) {
      return figure(h('figure', {}, ...node.children), line, report)
    }
    return [node]
  }).map((node) => (isElement(node, 'img') ? figureAround(node, report) : node))
}

const figureAround = (node: Element, report: PageReport): Element =>
  figure(h('figure', {}, node), node.position?.start.line ?? 1, report)[0] ?? node

const isPicture = (node: ElementContent): boolean =>
  isElement(node, 'img') ||
  (isElement(node, 'a') &&
    node.children.some((child) => isElement(child, 'img')) &&
    node.children.every((child) => isBlank(child) || isElement(child, 'img')))

function isLonePicture(node: Element): boolean {
  const shown = node.children.filter((child) => !isBlank(child))
  return shown.length === 1 && shown.every(isPicture)
}

function figure(node: Element, line: number, report: PageReport): Element[] {
  node.properties.className = [...new Set(['ln-figure', ...classesOf(node)])]
  const pictures = node.children.flatMap((child) =>
    isElement(child, 'img')
      ? [child]
      : isElement(child, 'a')
        ? child.children.filter((inner) => isElement(inner, 'img'))
        : [],
  )
  for (const picture of pictures) {
    if (!isElement(picture)) continue
    const width = property(picture, 'dataWidth')
    if (width !== null)
      node.properties.className = [...classesOf(node), widthClass(width, line, report)]
  }
  return [node]
}

/** `60%` → `ln-w-60`; pixels are a share of the text column, which is about 720 of them wide. */
function widthClass(width: string, line: number, report: PageReport): string {
  const [, number = '', unit = ''] = /^\s*([\d.]+)\s*(%|px)?\s*$/.exec(width) ?? []
  const share = unit === '%' ? Number(number) : (Number(number) / 720) * 100
  if (number === '' || !Number.isFinite(share)) {
    report.approximated(line, 'image', `its width “${width.slice(0, 20)}” has no effect`)
    return 'ln-w-100'
  }
  if (unit !== '%')
    report.approximated(line, 'image', 'a width in pixels became a share of the column')
  const tens = Math.min(100, Math.max(10, Math.round(share / 10) * 10))
  return `ln-w-${tens}`
}

/** Takes away what only these steps needed to know. */
export function dropMarks(root: Root): void {
  root.children = rebuild(root.children, (node) => {
    delete node.properties.dataWidth
    delete node.properties.dataField
    if ('dataFootnotes' in node.properties) node.properties.className = ['ln-footnotes']
    if (classesOf(node).length === 0) delete node.properties.className
    return [node]
  })
}
