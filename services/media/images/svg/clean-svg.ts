import { cleanRaster } from '../apart.ts'
import { limits, unusable } from '../limits.ts'
import { sniffRaster } from '../sniff.ts'
import { checkCost } from './cost.ts'
import { cleanDeclarations, cleanStyleSheet, cleanValue } from './css.ts'
import { readSvg } from './read-svg.ts'
import { settleSize } from './size.ts'
import { type SvgElement, writeSvg } from './tree.ts'
import { attributes, properties, referring } from './vocabulary.ts'

/** What has been unpacked of the pictures within one SVG so far. */
type Spent = { pixels: number; pictures: number }

/**
 * Writes an SVG anew from what is known to be harmless (see vocabulary.ts): it runs nothing, fetches nothing, and
 * pictures within it are cleaned as pictures by themselves are.
 * @throws Problem 415 for what is no SVG, Unusable for what is broken or draws too much
 */
export async function cleanSvg(
  text: string,
): Promise<{ text: string; width: number; height: number }> {
  const root = readSvg(text)
  await cleanElement(root, { pixels: 0, pictures: 0 })
  const size = settleSize(root)
  checkCost(root)
  return { text: writeSvg(root), ...size }
}

/** @returns whether the element has anything left to show */
async function cleanElement(element: SvgElement, spent: Spent): Promise<boolean> {
  const kept = new Map<string, string>()
  for (const [name, value] of element.attributes) {
    const clean =
      name === 'href' ? await cleanHref(element.name, value, spent) : cleanAttribute(name, value)
    if (clean !== undefined) kept.set(name, clean)
  }
  element.attributes = kept
  if (element.name === 'image' && !kept.has('href')) return false
  if (element.name === 'style') {
    const sheet = cleanStyleSheet(
      element.children.filter((child) => typeof child === 'string').join(''),
    )
    element.children = sheet ? [sheet] : []
    return sheet !== ''
  }
  const children: SvgElement['children'] = []
  for (const child of element.children) {
    if (typeof child === 'string' || (await cleanElement(child, spent))) children.push(child)
  }
  element.children = children
  return true
}

function cleanAttribute(name: string, value: string): string | undefined {
  if (name === 'style') return cleanDeclarations(value) || undefined
  if (properties.has(name) && !attributes.has(name)) {
    // Only what has a function or an escape in it can hold an address.
    return /[(\\]/.test(value) ? cleanValue(value) : value
  }
  return attributes.has(name) || name.startsWith('xml:') ? value : undefined
}

async function cleanHref(element: string, href: string, spent: Spent): Promise<string | undefined> {
  const address = href.trim()
  if (referring.has(element)) return address.startsWith('#') ? address : undefined
  return element === 'image' ? await cleanPicture(address, spent) : undefined
}

/** A picture within the file, cleaned; undefined for one that lies elsewhere or is none in pixels. */
async function cleanPicture(address: string, spent: Spent): Promise<string | undefined> {
  const comma = address.indexOf(',')
  const header = address.slice(0, comma).toLowerCase()
  if (comma < 0 || !header.startsWith('data:') || !header.endsWith(';base64')) return undefined
  const bytes = Buffer.from(address.slice(comma + 1), 'base64')
  const format = sniffRaster(bytes)
  if (!format) return undefined
  spent.pictures += 1
  if (spent.pictures > 200) throw unusable('At most 200 pictures are accepted within an SVG.')
  const picture = await cleanRaster(bytes, format)
  spent.pixels += picture.width * picture.height
  if (spent.pixels > limits.pixels) {
    throw unusable(`At most ${limits.pixels} pixels are accepted within an SVG.`)
  }
  return `data:${picture.mime};base64,${Buffer.from(picture.bytes).toString('base64')}`
}
