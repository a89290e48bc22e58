import type { Answer, Asked, Mark, TraceLine } from '@colonnade/questions'

/** A course as the head of a page names it. */
export type CourseName = {
  slug: string
  title: string
  language: string
  direction: 'ltr' | 'rtl'
}

/** Why somebody can or cannot enrol now. */
export type EnrolState = 'open' | 'code' | 'early' | 'ended' | 'full' | 'closed' | 'enrolled'

export type EnrolData = {
  course: CourseName & { subtitle: string; modules: number; lessons: number; minutes: number }
  state: EnrolState
  startsAt: Date | null
  endsAt: Date | null
  /** Null: as many as come. */
  seatsLeft: number | null
  isSignedIn: boolean
  zone: string
  /** What was wrong with what was sent. */
  wrong?: 'code'
}

export type MyCourse = CourseName & {
  lessons: number
  done: number
  /** Where to go on. */
  next: { title: string; href: string } | null
  due: { title: string; href: string; at: Date } | null
  completedAt: Date | null
  certificate: string | null
}

export type MyData = {
  courses: readonly MyCourse[]
  /** The whole address of the calendar; null until it is asked for. */
  calendar: string | null
  zone: string
}

/**
 * Where a graded item stands: not begun, an attempt is running, questions wait for a teacher, or it has its result.
 */
export type ItemState = 'open' | 'running' | 'waiting' | 'graded'

export type DueDate = { at: Date; extended: boolean }

export type GradedItem = {
  key: string
  title: string
  kind: 'quiz' | 'assignment'
  state: ItemState
  due: DueDate | null
  /** From 0 to 1; null where nothing was handed in. */
  share: number | null
}

export type CourseLesson = {
  key: string
  slug: string
  title: string
  minutes: number
  isDone: boolean
  isReached: boolean
  items: readonly GradedItem[]
}

export type CourseData = {
  id: number
  course: CourseName
  modules: readonly { key: string; title: string; lessons: readonly CourseLesson[] }[]
  next: { title: string; href: string } | null
  completedAt: Date | null
  certificate: string | null
  grade: { share: number; threshold: string | null; waiting: number } | null
  /** A newer revision is there: titles of what comes and what goes. */
  newer: { added: readonly string[]; removed: readonly string[] } | null
  zone: string
}

export type AttemptLine = {
  id: string
  number: number
  startedAt: Date
  endedAt: Date | null
  endsAt: Date | null
  endedBy: 'submit' | 'time' | null
  points: number
  of: number
  waiting: number
}

export type ItemData = {
  course: CourseName
  enrolment: string
  person: string
  item: {
    key: string
    title: string
    kind: 'quiz' | 'assignment'
    questions: number
    /** Null: it depends on which questions are drawn. */
    points: number | null
    /** Null: as many as one likes. */
    attempts: number | null
    minutes: number | null
  }
  lesson: { title: string; href: string }
  due: DueDate | null
  zone: string
  rule: 'best' | 'last' | 'average'
  attempts: readonly AttemptLine[]
  /** Null: as many as one likes. */
  attemptsLeft: number | null
  /** Why no attempt can begin now; null when one can. */
  shut: 'running' | 'none-left' | null
  shown: RunningAttempt | EndedAttempt | null
  now: Date
  /** What a form just did, or could not do. */
  told?:
    | ('saved' | 'conflict' | 'late' | 'none-left')
    | ('file-large' | 'files-many' | 'form-large')
}

export type HandedIn = { id: string; name: string; size: number }

/** One of the versions of an answer that two devices made without knowing of each other. */
export type Version = { id: string; at: Date; answer: Answer }

export type RunningAttempt = {
  kind: 'running'
  id: string
  number: number
  endsAt: Date | null
  questions: readonly Asked[]
  /** By question: the answer that counts, and the entry of the log that gave it. */
  answers: ReadonlyMap<string, { answer: Answer; entry: string }>
  conflicts: ReadonlyMap<string, readonly Version[]>
  files: ReadonlyMap<string, HandedIn>
}

/** A teacher's mark of a question. */
export type TeacherMark = {
  comment: string
  rubric: Readonly<Record<string, number>>
}

export type EndedAttempt = {
  kind: 'ended'
  id: string
  number: number
  endedAt: Date
  endedBy: 'submit' | 'time'
  questions: readonly Asked[]
  answers: ReadonlyMap<string, Answer>
  marks: ReadonlyMap<string, Mark>
  teacher: ReadonlyMap<string, TeacherMark>
  files: ReadonlyMap<string, HandedIn>
  /** Answers that came when the attempt was over: kept, and not counted. */
  late: number
}

export type GradeData = {
  course: CourseName
  share: number
  threshold: string | null
  waiting: number
  trace: readonly TraceLine[]
  thresholds: readonly { name: string; from: number }[]
  late: { graceMs: number; perDay: number; days: number } | null
  /** Titles and addresses of items, titles of groups, numbers of attempts, by their keys. */
  items: ReadonlyMap<string, { title: string; href: string }>
  groups: ReadonlyMap<string, string>
  attempts: ReadonlyMap<string, number>
}
