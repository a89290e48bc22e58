import { CourseError } from './errors.ts'
import { decodeText } from './folder/text.ts'
import type { Report } from './report.ts'

const longestText = 4 * 1024 * 1024

/** The files of a course folder, read as text when asked, and which of them had a use. */
export class Files {
  readonly #files: ReadonlyMap<string, Uint8Array>
  readonly #report: Report
  readonly #used = new Set<string>()
  readonly #texts = new Map<string, string>()

  constructor(files: ReadonlyMap<string, Uint8Array>, report: Report) {
    this.#files = files
    this.#report = report
  }

  get paths(): string[] {
    return [...this.#files.keys()]
  }

  has(path: string): boolean {
    return this.#files.has(path)
  }

  firstOf(paths: string[]): string | null {
    return paths.find((path) => this.has(path)) ?? null
  }

  use(path: string): void {
    this.#used.add(path)
  }

  /** A file's text; what had to be repaired to read it is reported once. */
  text(path: string): string {
    this.use(path)
    const known = this.#texts.get(path)
    if (known !== undefined) return known
    const bytes = this.#files.get(path) ?? new Uint8Array()
    if (bytes.byteLength > longestText) {
      throw new CourseError(
        { file: path },
        'The text is longer than 4 MiB.',
        'Split it into several files.',
      )
    }
    const { text, repaired } = decodeText(bytes)
    if (repaired !== null) this.#report.approximated(path, 1, 'text', repaired)
    this.#texts.set(path, text)
    return text
  }

  unused(): string[] {
    return this.paths.filter((path) => !this.#used.has(path)).sort()
  }
}
