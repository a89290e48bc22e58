import type { Element, ElementContent, Root } from 'hast'
import type { PageReport } from '../report.ts'
import type { Site } from '../site.ts'
import { h, hasClass, isElement, property, rebuild, text } from './nodes.ts'
import { plainOf } from './plain.ts'

export type Reference = { line: number; slug: string | null; fragment: string }

export type Links = {
  images: Set<string>
  downloads: Set<string>
  /** Fragments pointed at, to be checked when every page's ids are known; null is this page. */
  references: Reference[]
}

/**
 * Turns addresses into what the courses service resolves: `image:`, `file:` and `lesson:`. What is
 * not in the folder loses its link or its picture and keeps its words.
 */
export function resolveLinks(root: Root, path: string, site: Site, report: PageReport): Links {
  const links: Links = { images: new Set(), downloads: new Set(), references: [] }
  root.children = rebuild(root.children, (node, line) => {
    if (node.tagName === 'img') return picture(node, line, path, site, report, links)
    if (node.tagName === 'a') return link(node, line, path, site, report, links)
    if (isEmptyFigure(node)) return captionOf(node)
    return [node]
  })
  return links
}

function link(
  node: Element,
  line: number,
  path: string,
  site: Site,
  report: PageReport,
  links: Links,
): ElementContent[] {
  const href = property(node, 'href')
  if (href === null)
    return node.properties.id
      ? [h('span', { id: node.properties.id }, ...node.children)]
      : node.children
  const place = site.find(path, href.trim())
  switch (place.kind) {
    case 'elsewhere':
      return [node]
    case 'here':
      links.references.push({ line, slug: null, fragment: decodeFragment(place.fragment) })
      return [node]
    case 'lesson': {
      const fragment = decodeFragment(place.fragment)
      links.references.push({ line, slug: place.slug, fragment })
      node.properties.href = `lesson:${place.slug}${place.fragment ? `#${place.fragment}` : ''}`
      return [node]
    }
    case 'file':
      links.downloads.add(place.path)
      node.properties.href = `file:${encodeURI(place.path)}`
      return [node]
    case 'hidden':
      report.approximated(
        line,
        'link',
        `${place.path} is no page of the course; its words are kept`,
      )
      return node.children
    case 'missing':
      report.approximated(line, 'link', `${place.path} is not in the folder; its words are kept`)
      return node.children
  }
}

function picture(
  node: Element,
  line: number,
  path: string,
  site: Site,
  report: PageReport,
  links: Links,
): ElementContent[] {
  const src = property(node, 'src')?.trim() ?? ''
  const alt = property(node, 'alt') ?? ''
  const place = src === '' ? null : site.find(path, src)
  if (place?.kind === 'file') {
    if (alt === '') report.approximated(line, 'image', 'it has no alternative text')
    links.images.add(place.path)
    node.properties.src = `image:${encodeURI(place.path)}`
    node.properties.alt = alt
    return [node]
  }
  if (place?.kind === 'elsewhere') {
    report.approximated(line, 'image', 'shown as a link: pages load nothing from elsewhere')
    return [h('a', { href: src }, text(alt || src))]
  }
  report.dropped(line, 'image', `${src || 'its file'} is not in the folder`)
  return alt === '' ? [] : [text(alt)]
}

function decodeFragment(fragment: string): string {
  try {
    return decodeURIComponent(fragment)
  } catch {
    return fragment
  }
}

/** What a figure without its picture still says. */
function captionOf(node: Element): ElementContent[] {
  const captions = node.children.filter((child) => isElement(child, 'figcaption'))
  const alternative = plainOf(node.children.filter((child) => child.type === 'text'))
  const words = captions.map((caption) => h('p', {}, ...caption.children))
  const same = plainOf(captions) === alternative || alternative === ''
  return same ? words : [h('p', {}, text(alternative)), ...words]
}

/** Whether nothing is left in a figure to look at. */
const isEmptyFigure = (node: Element): boolean =>
  hasClass(node, 'ln-figure') &&
  node.children.every((child) => child.type === 'text' || isElement(child, 'figcaption'))
