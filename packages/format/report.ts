import { CourseError, oneOf } from './errors.ts'

/** What became of one kind of element (or of one element) of a course folder. */
export type Outcome = 'exact' | 'approximated' | 'dropped'

/**
 * One line of the loss report. Exact elements are counted per file and kind, so `line` is the first
 * of them; an approximated or dropped one has a line of its own, and `why` says what was lost.
 */
export type ReportLine = {
  file: string
  line: number
  element: string
  outcome: Outcome
  why: string
  count: number
}

const same = (line: ReportLine) =>
  JSON.stringify([line.file, line.outcome === 'exact' ? 0 : line.line, line.element, line.why])

/**
 * Collects report lines, and what is so wrong that there is no course. Nothing an author wrote may leave the reader
 * without one.
 */
export class Report {
  readonly #lines = new Map<string, ReportLine>()
  readonly #refused: CourseError[] = []

  /** Keeps a CourseError until `stopIfRefused`, so that an author hears of the rest too; throws all else. */
  refuse(error: unknown): void {
    if (!(error instanceof CourseError)) throw error
    this.#refused.push(error)
  }

  /** How many have been kept. */
  get refusals(): number {
    return this.#refused.length
  }

  /** @throws CourseError the first of those that were kept, with the others */
  stopIfRefused(): void {
    const error = oneOf(this.#refused)
    if (error) throw error
  }

  exact(file: string, line: number, element: string, count = 1): void {
    this.#add({ file, line, element, outcome: 'exact', why: '', count })
  }

  approximated(file: string, line: number, element: string, why: string): void {
    this.#add({ file, line, element, outcome: 'approximated', why, count: 1 })
  }

  dropped(file: string, line: number, element: string, why: string): void {
    this.#add({ file, line, element, outcome: 'dropped', why, count: 1 })
  }

  #add(line: ReportLine): void {
    const key = `${line.outcome} ${same(line)}`
    const known = this.#lines.get(key)
    if (known) known.count += line.count
    else this.#lines.set(key, line)
  }

  /** All lines, by file and line. */
  lines(): ReportLine[] {
    return [...this.#lines.values()].sort(
      (a, b) =>
        (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
        a.line - b.line ||
        (a.element < b.element ? -1 : a.element > b.element ? 1 : 0),
    )
  }
}

/** A report that knows which file and from which line on it speaks about. */
export type PageReport = {
  exact(line: number, element: string): void
  approximated(line: number, element: string, why: string): void
  dropped(line: number, element: string, why: string): void
  /** Keeps what cannot be, as `Report.refuse`. */
  refuse(error: unknown): void
}

/** What `read` gives; undefined when it throws a CourseError, which the report keeps. */
export function attempt<T>(report: Pick<PageReport, 'refuse'>, read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    report.refuse(error)
    return undefined
  }
}

/** A view of `report` for one file. */
export function reportOn(report: Report, file: string): PageReport {
  return {
    exact: (line, element) => report.exact(file, line, element),
    approximated: (line, element, why) => report.approximated(file, line, element, why),
    dropped: (line, element, why) => report.dropped(file, line, element, why),
    refuse: (error) => report.refuse(error),
  }
}
