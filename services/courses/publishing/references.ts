import { type Image, pictureOf } from '@colonnade/media/contract'
import { filePath, lessonPath } from '../contract.ts'

/** What the reader's references (`image:…`, `file:…`, `lesson:…`) are resolved with. */
export type References = {
  slug: string
  images: ReadonlyMap<string, Image>
}

// A tag with its quoted attributes; a `>` inside quotes does not end it, and text never matches, because its `<` is
// escaped.
const tag = (name: string) => new RegExp(`<${name}\\b(?:[^"'>]|"[^"]*"|'[^']*')*>`, 'g')
const imageTag = tag('img')
const linkTag = tag('a')

/** A lesson's text is 66 characters wide, and a figure may break into the margin. */
const sizes = '(min-width: 62.5rem) 50rem, 100vw'

/** Turns a reader's HTML into what is published: pictures with variants and sizes, links that lead somewhere. */
export function resolveReferences(html: string, references: References): string {
  return html
    .replace(imageTag, (found) => resolveImage(found, references))
    .replace(linkTag, (found) =>
      found.replace(
        /(\shref=)"(file|lesson):([^"]*)"/,
        (_, href: string, kind: string, rest: string) =>
          `${href}"${escapeAttribute(resolveLink(kind, decodeEntities(rest), references.slug))}"`,
      ),
    )
}

function resolveImage(found: string, { images }: References): string {
  const path = /\ssrc="image:([^"]*)"/.exec(found)?.[1]
  if (path === undefined) return found
  const image = findByPath(images, decodeEntities(path))
  if (!image) throw new Error(`no image was kept for ${path}`)
  const picture = pictureOf(image)
  const img = found
    .replace(/\s(?:width|height|loading|decoding)="[^"]*"/g, '')
    .replace(
      /\ssrc="[^"]*"/,
      ` src="${escapeAttribute(picture.src)}" width="${picture.width}" height="${picture.height}" loading="lazy" decoding="async"`,
    )
  if (picture.sources.length === 0) return img
  const sources = picture.sources.map(
    (source) =>
      `<source type="${source.type}" srcset="${escapeAttribute(source.srcset)}" sizes="${sizes}">`,
  )
  return `<picture>${sources.join('')}${img}</picture>`
}

function resolveLink(kind: string, rest: string, slug: string): string {
  const [target = '', fragment] = splitFragment(rest)
  const path = kind === 'file' ? filePath(slug, decode(target)) : lessonPath(slug, decode(target))
  return fragment === undefined ? path : `${path}#${fragment}`
}

function splitFragment(text: string): [string, string | undefined] {
  const at = text.indexOf('#')
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}

function findByPath(images: ReadonlyMap<string, Image>, path: string): Image | undefined {
  return images.get(path) ?? images.get(decode(path))
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function decodeEntities(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (all, hex, decimal, name) => {
    if (name) return entities[name] ?? all
    const code = Number.parseInt(hex ?? decimal, hex ? 16 : 10)
    return code <= 0x10ffff ? String.fromCodePoint(code) : all
  })
}

const escapeAttribute = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
