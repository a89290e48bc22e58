/** A folder, or one file in it, that cannot become a course: where, what, and how to mend it. */
export class CourseError extends Error {
  readonly file: string
  readonly line: number
  readonly problem: string
  readonly mend: string
  /** What else is wrong in the folder, as far as it could be read. */
  readonly others: readonly CourseError[]

  constructor(
    where: { file: string; line?: number },
    problem: string,
    mend: string,
    others: readonly CourseError[] = [],
  ) {
    super(`${where.file}:${where.line ?? 1}: ${problem} ${mend}`)
    this.name = 'CourseError'
    this.file = where.file
    this.line = where.line ?? 1
    this.problem = problem
    this.mend = mend
    this.others = others
  }
}

/** Says what is wrong in the file being read, where, and how to mend it. */
export type Refuse = (line: number, problem: string, mend: string) => never

/** All of several errors as one, each once, by file and line; undefined when there is none. */
export function oneOf(errors: readonly CourseError[]): CourseError | undefined {
  const all = errors.flatMap((error) => [error, ...error.others])
  const [first, ...others] = [...new Map(all.map((error) => [error.message, error])).values()].sort(
    (a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line),
  )
  return first && new CourseError(first, first.problem, first.mend, others)
}
