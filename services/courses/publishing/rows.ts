import type { CourseSource } from '@colonnade/format'
import { type Quiz, quiz as quizSchema } from '@colonnade/questions'
import type { Column } from '../queries/course.ts'
import type { ItemRow, LessonRow, ModuleRow } from '../queries/parts.ts'
import type { Listing, RevisionRow } from '../queries/publish.ts'
import type { Images } from './images.ts'
import { type References, resolveReferences } from './references.ts'

type CourseFields = Omit<
  RevisionRow,
  'courseId' | 'number' | 'hash' | 'declaresTeaching' | 'declaresExamples' | 'report'
>

/** A course as rows, before it has ids. */
export type CourseRows = {
  course: CourseFields
  listing: Listing
  modules: ModuleRow[]
  lessons: LessonRow[]
  items: ItemRow[]
}

/** Turns what was read into rows, its references resolved. */
export function rowsOf(source: CourseSource, images: Images): CourseRows {
  const references = { slug: source.slug, images }
  const flat = source.modules.flatMap((module) =>
    module.lessons.map((lesson) => ({ module: module.key, lesson })),
  )
  const lessons = flat.map(({ module, lesson }, index) =>
    lessonRow(lesson, { module, position: index + 1 }, references),
  )
  const columns: Column[] = source.modules.map((module) => ({
    key: module.key,
    title: module.title,
    minutes: module.lessons.reduce((sum, lesson) => sum + lesson.minutes, 0),
    lessons: module.lessons.length,
  }))
  const first = lessons[0]
  return {
    course: courseFields(source, references),
    listing: {
      description: source.descriptionText,
      minutes: columns.reduce((sum, column) => sum + column.minutes, 0),
      lessonCount: lessons.length,
      columns,
      firstLesson: first ? { slug: first.slug, title: first.title, minutes: first.minutes } : null,
    },
    modules: source.modules.map((module, index) => ({
      key: module.key,
      position: index + 1,
      title: module.title,
      summary: module.summary,
    })),
    lessons,
    items: flat.flatMap(({ lesson }) =>
      lesson.items.map((item, index) => ({
        key: `${lesson.key}/${item.key}`,
        lesson: lesson.key,
        position: index + 1,
        kind: item.kind,
        title: item.title,
        minutes: item.minutes,
        anchor: item.anchor,
        graded: item.graded,
      })),
    ),
  }
}

function courseFields(source: CourseSource, references: References): CourseFields {
  return {
    title: source.title,
    subtitle: source.subtitle,
    language: source.language,
    direction: source.direction,
    subject: source.subject,
    level: source.level,
    effort: source.effort,
    keywords: source.keywords,
    skills: source.skills,
    outcomes: source.outcomes,
    descriptionHtml: resolveReferences(source.descriptionHtml, references),
    licence: source.licence,
    attribution: source.attribution,
    source: source.source,
    image: (source.image ? references.images.get(source.image) : null) ?? null,
    sample: source.sample,
    policy: source.policy,
    organisations: source.organisations.map(({ name }) => name),
  }
}

function lessonRow(
  lesson: CourseSource['modules'][number]['lessons'][number],
  place: { module: string; position: number },
  references: References,
): LessonRow {
  const resolve = (html: string) => resolveReferences(html, references)
  return {
    ...place,
    key: lesson.key,
    slug: lesson.slug,
    title: lesson.title,
    path: lesson.path,
    minutes: lesson.minutes,
    html: resolve(lesson.html),
    text: lesson.text,
    openingHtml: resolve(lesson.openingHtml),
    questions: lesson.questions.map(resolve).filter(isSomething),
    objectives: lesson.objectives.map(resolve).filter(isSomething),
    keypoints: lesson.keypoints.map(resolve).filter(isSomething),
    quizzes: lesson.quizzes.map((quiz) => resolveQuiz(quiz, resolve)),
  }
}

/** Wherever a quiz holds HTML, its references are resolved. */
function resolveQuiz(quiz: Quiz, resolve: (html: string) => string): Quiz {
  const revived: unknown = JSON.parse(JSON.stringify(quiz), (name, value: unknown) =>
    (name === 'html' || name === 'explanation') && typeof value === 'string'
      ? resolve(value)
      : value,
  )
  return quizSchema.parse(revived)
}

/** A point that was nothing but a refused picture without words is none. */
const isSomething = (html: string) => html !== ''
