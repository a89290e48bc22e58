/** A folder, or one file in it, that cannot become a course: where, what, and how to mend it. */
export class CourseError extends Error {
  readonly file: string
  readonly line: number
  readonly problem: string
  readonly mend: string

  constructor(where: { file: string; line?: number }, problem: string, mend: string) {
    super(`${where.file}:${where.line ?? 1}: ${problem} ${mend}`)
    this.name = 'CourseError'
    this.file = where.file
    this.line = where.line ?? 1
    this.problem = problem
    this.mend = mend
  }
}

/** Says what is wrong in the file being read, where, and how to mend it. */
export type Refuse = (line: number, problem: string, mend: string) => never
