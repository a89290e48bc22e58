import { posix } from 'node:path'

/** Where an address in a page leads. */
export type Place =
  | { kind: 'elsewhere' }
  | { kind: 'here'; fragment: string }
  | { kind: 'lesson'; slug: string; fragment: string }
  | { kind: 'file'; path: string }
  | { kind: 'hidden'; path: string }
  | { kind: 'missing'; path: string }

/** The folder as its pages see it: which file is which lesson, and where files are looked for. */
export class Site {
  readonly #files: ReadonlySet<string>
  readonly #lessons: ReadonlyMap<string, string>
  readonly #byName = new Map<string, string>()
  readonly #home: string

  /** `lessons` leads from source paths to slugs; `home` is the address the course was published at. */
  constructor(files: Iterable<string>, lessons: ReadonlyMap<string, string>, home: string) {
    this.#files = new Set(files)
    this.#lessons = lessons
    this.#home = home.replace(/\/+$/, '')
    for (const [path, slug] of lessons) {
      const name = stem(path)
      if (!this.#byName.has(name)) this.#byName.set(name, slug)
      const short = name.replace(/^\d+[-_]/, '')
      if (!this.#byName.has(short)) this.#byName.set(short, slug)
    }
  }

  /** Resolves `url` as written in `page`. */
  find(page: string, url: string): Place {
    const own = this.#home !== '' && (url === this.#home || url.startsWith(`${this.#home}/`))
    const local = own ? url.slice(this.#home.length) : url
    if (!own && (/^[a-z][a-z\d+.-]*:/i.test(local) || local.startsWith('//'))) {
      return { kind: 'elsewhere' }
    }
    const [before = '', fragment = ''] = cut(local, '#')
    const [raw = ''] = cut(before, '?')
    if (raw === '' && !own) return { kind: 'here', fragment }
    const path = decode(raw)
    for (const candidate of candidates(page, path)) {
      const slug = this.#lessons.get(candidate)
      if (slug !== undefined) return { kind: 'lesson', slug, fragment }
      if (this.#files.has(candidate)) {
        const page = /\.(r?md|markdown)$/i.test(candidate) && !/^licen[cs]e/i.test(candidate)
        return page ? { kind: 'hidden', path: candidate } : { kind: 'file', path: candidate }
      }
    }
    // published names: `03-create.html`, or `03-create/` in lessons before the Workbench
    const published = /^(?:.*\/)?([^/]+?)(?:\.html|\.r?md|\/|\/index\.html)?$/i.exec(
      path.replace(/(?<=[^./])\/index\.html$/i, ''),
    )?.[1]
    const slug = published === undefined ? undefined : this.#byName.get(published.toLowerCase())
    if (slug !== undefined && !/\.(?!html|r?md)\w+$/i.test(path)) {
      return { kind: 'lesson', slug, fragment }
    }
    const home = /^(\.\.?\/|\/)*(index(\.html|\.md)?)?$/.test(path)
    return home ? { kind: 'hidden', path: 'index.md' } : { kind: 'missing', path }
  }
}

/** A file's name without folder and ending, in lower case. */
export const stem = (path: string): string =>
  posix
    .basename(path)
    .replace(/\.[^.]+$/, '')
    .toLowerCase()

function cut(text: string, at: string): string[] {
  const index = text.indexOf(at)
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)]
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path).normalize('NFC')
  } catch {
    return path
  }
}

/** Beside the page, then where the Workbench publishes figures and files from, then the root. */
function candidates(page: string, path: string): string[] {
  const bare = path.replace(/^(\.{0,2}\/)+/, '')
  const beside = posix.normalize(posix.join(posix.dirname(page), path))
  const all = path.startsWith('/') ? [] : [beside]
  return [...all, bare, `episodes/${bare}`, `learners/${bare}`, `_episodes/${bare}`]
}
