import { Problem } from '@colonnade/http'
import { SaxesParser, type SaxesTagNS } from 'saxes'
import { unusable } from '../limits.ts'
import { readEntities } from './entities.ts'
import type { SvgElement } from './tree.ts'
import { elements, textual } from './vocabulary.ts'

const svg = 'http://www.w3.org/2000/svg'
const xlink = 'http://www.w3.org/1999/xlink'
const xml = 'http://www.w3.org/XML/1998/namespace'

const most = { elements: 50_000, depth: 100 }

/**
 * Reads a file into a tree of the elements an SVG may have; of others nothing is kept, their content included.
 * Attributes come as they are, but for namespaces: only those without one, `xml:space`, `xml:lang` and `xlink:href`.
 * @throws Problem 415 for XML that is no SVG, Unusable for what is broken or goes too deep
 */
export function readSvg(text: string): SvgElement {
  const parser = new SaxesParser({ xmlns: true, position: false })
  const open: SvgElement[] = []
  let root: SvgElement | undefined
  let plain = false
  let depth = 0
  let count = 0
  /** How deep we are within something that is dropped. */
  let dropped = 0

  parser.on('error', (error) => {
    if (!root) throw new Problem(415, 'This is neither a picture in pixels nor an SVG.')
    throw unusable(`The SVG is not well-formed: ${error.message.slice(0, 200)}`)
  })
  parser.on('doctype', (doctype) => Object.assign(parser.ENTITIES, readEntities(doctype, text)))
  parser.on('opentag', (tag) => {
    depth += 1
    count += 1
    if (!root) {
      if (tag.local !== 'svg' || (tag.uri !== svg && tag.uri !== '')) {
        throw new Problem(415, 'This is XML, but no SVG.')
      }
      plain = tag.uri === ''
    }
    if (depth > most.depth || count > most.elements) {
      throw unusable(
        `At most ${most.elements} elements, ${most.depth} deep, are accepted in an SVG.`,
      )
    }
    const ours = tag.uri === svg || (plain && tag.uri === '')
    if (dropped > 0 || !ours || !elements.has(tag.local) || demandsMore(tag)) {
      dropped += 1
      return
    }
    const element: SvgElement = { name: tag.local, attributes: attributesOf(tag), children: [] }
    root ??= element
    open.at(-1)?.children.push(element)
    open.push(element)
  })
  parser.on('closetag', () => {
    depth -= 1
    if (dropped > 0) dropped -= 1
    else open.pop()
  })
  const addText = (characters: string) => {
    const parent = open.at(-1)
    if (dropped === 0 && parent && textual.has(parent.name)) parent.children.push(characters)
  }
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.write(text).close()
  if (!root) throw new Problem(415, 'This is XML, but no SVG.')
  return root
}

/** An element for programs with some extension: a `switch` then has something else for everybody. */
const demandsMore = (tag: SaxesTagNS) => Boolean(tag.attributes.requiredExtensions?.value)

function attributesOf(tag: SaxesTagNS): Map<string, string> {
  const found = new Map<string, string>()
  for (const { local, uri, value, prefix } of Object.values(tag.attributes)) {
    if (uri === '' && prefix === '') found.set(local, value)
    else if (uri === xml && (local === 'space' || local === 'lang'))
      found.set(`xml:${local}`, value)
    else if (uri === xlink && local === 'href' && !found.has('href')) found.set('href', value)
  }
  return found
}
