import { type Image, pictureOf } from '@colonnade/media/contract'
import { filePath, lessonPath } from '../contract.ts'
import { decodeEntities, escapeAttribute, escapeText } from './escape.ts'
import type { Images } from './images.ts'

/** What the reader's references (`image:…`, `file:…`, `lesson:…`) are resolved with. */
export type References = {
  slug: string
  images: Images
}

// A tag with its quoted attributes; a `>` inside quotes does not end it, and text never matches, because its `<` is
// escaped.
const tag = (name: string) => new RegExp(`<${name}\\b(?:[^"'>]|"[^"]*"|'[^']*')*>`, 'g')
const imageTag = tag('img')
const linkTag = tag('a')
const filmTag = tag('(?:video|source|track)')

const figureElement = /<figure\b[^>]*\sclass="ln-figure[^>]*>((?:(?!<\/?figure\b).)*)<\/figure>/gs
const caption = /<figcaption>(.*?)<\/figcaption>/gs

/** A lesson's text is 66 characters wide, and a figure may break into the margin. */
const sizes = '(min-width: 62.5rem) 50rem, 100vw'

/** Turns a reader's HTML into what is published: pictures with variants and sizes, links that lead somewhere. */
export function resolveReferences(html: string, references: References): string {
  return html
    .replace(figureElement, (found, inside: string) => resolveFigure(found, inside, references))
    .replace(imageTag, (found) => resolveImage(found, references))
    .replace(filmTag, (found) =>
      found.replace(
        /(\s(?:src|poster)=)"file:([^"]*)"/g,
        (_, name: string, path: string) =>
          `${name}"${escapeAttribute(filePath(references.slug, decode(decodeEntities(path))))}"`,
      ),
    )
    .replace(linkTag, (found) =>
      found.replace(
        /(\shref=)"(file|lesson):([^"]*)"/,
        (_, href: string, kind: string, rest: string) =>
          `${href}"${escapeAttribute(resolveLink(kind, decodeEntities(rest), references.slug))}"`,
      ),
    )
}

/**
 * A figure whose pictures were all refused becomes what it still says, as the reader does it for pictures that are
 * not in the folder: the alternative text and the caption, once when they are the same.
 */
function resolveFigure(found: string, inside: string, references: References): string {
  const alternative = inside
    .replace(caption, '')
    .replace(imageTag, (image) => (imageOf(image, references) === null ? altOf(image) : image))
    .trim()
  if (alternative.includes('<') || !inside.includes('<img')) return found
  const captions = [...inside.matchAll(caption)].map(([, words = '']) => words)
  const same = alternative === '' || alternative === wordsOf(captions.join(' '))
  const paragraphs = same ? captions : [alternative, ...captions]
  return paragraphs.map((words) => `<p>${words}</p>`).join('')
}

/** The image a tag shows; null for one that was refused, undefined where the reader left another address. */
function imageOf(found: string, { images }: References): Image | null | undefined {
  const path = /\ssrc="image:([^"]*)"/.exec(found)?.[1]
  if (path === undefined) return undefined
  const image = findByPath(images, decodeEntities(path))
  if (image === undefined) throw new Error(`no image was kept for ${path}`)
  return image
}

const altOf = (found: string) =>
  escapeText(decodeEntities(/\salt="([^"]*)"/.exec(found)?.[1] ?? ''))

const wordsOf = (html: string) => escapeText(decodeEntities(html.replace(/<[^>]*>/g, ''))).trim()

function resolveImage(found: string, references: References): string {
  const image = imageOf(found, references)
  if (image === undefined) return found
  if (image === null) return altOf(found)
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

function findByPath(images: Images, path: string): Image | null | undefined {
  return images.has(path) ? images.get(path) : images.get(decode(path))
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
