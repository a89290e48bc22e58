import type { Value } from './copy.ts'
import { type Course, courseAt, most } from './courses.ts'
import { nameOf, personAt, teachersOf } from './people.ts'
import type { PeoplePlan } from './people-text.ts'
import type { Table } from './queries/copies.ts'
import { Random } from './random.ts'
import { type Rating, ratingOf, reviewsOf } from './reviews.ts'

/** What is to be made, and the ids that were set aside for it. */
export type Plan = PeoplePlan & {
  courses: number
  organisations: number
  /** Reviews of each course. */
  reviews: number
  first: {
    course: number
    revision: number
    module: number
    lesson: number
    item: number
    instructor: number
    organisation: number
  }
}

export type Row = readonly Value[]

const rolesOf = (count: number) =>
  Array.from({ length: count }, (_, at) => (at === 0 ? 'primary' : 'assistant'))

/** Who teaches a course as its row keeps it: the same that the instructors service would tell. */
function teachersCopy(plan: Plan, index: number) {
  const chosen = teachersOf(plan.seed, index, plan.instructors)
  const roles = rolesOf(chosen.length)
  return chosen.map((at, place) => {
    const person = personAt(plan.seed, at, plan.words)
    const { organisation } = person
    return {
      id: plan.first.instructor + at,
      name: nameOf(person),
      role: roles[place],
      organisation,
      example: true,
    }
  })
}

const coursesOf = (plan: Plan) => ({
  *[Symbol.iterator]() {
    for (let index = 0; index < plan.courses; index++) {
      const id = plan.first.course + index
      yield {
        index,
        id,
        revision: plan.first.revision + index,
        course: courseAt(plan.seed, index, id),
      }
    }
  },
})

/** A course's lessons with their place in it. */
const flat = (course: Course) =>
  course.modules.flatMap((module, at) => module.lessons.map((lesson) => ({ lesson, module: at })))

/** The rows of each table but those of people, made one at a time. */
export const rows: Record<Table, (plan: Plan) => Iterable<Row>> = {
  *organisation({ seed, words, organisations, first }) {
    for (let index = 0; index < organisations; index++) {
      const random = new Random(seed, 'organisation', index)
      const name = random.pick(words.organisations)
      const description = `${name} is made up, for load tests.`
      yield [first.organisation + index, name, null, description, true]
    }
  },
  *offered_by({ seed, courses, organisations, first }) {
    if (organisations === 0) return
    for (let index = 0; index < courses; index++) {
      const random = new Random(seed, 'offered by', index)
      const chosen = random.between(0, organisations - 1)
      yield [first.course + index, first.organisation + chosen, 0]
    }
  },
  *review(plan) {
    for (let index = 0; index < plan.courses; index++) {
      for (const r of reviewsOf(plan, index)) {
        const course = plan.first.course + index
        yield [r.id, course, r.learner, r.stars, true, r.author, r.text, r.at, r.at]
      }
    }
  },
  *summary(plan) {
    if (plan.reviews === 0) return
    for (let index = 0; index < plan.courses; index++) {
      const { count, sum, stars } = ratingOf(plan, index)
      yield [plan.first.course + index, count, sum, ...stars, count, sum]
    }
  },
  *course(plan) {
    for (const { index, id, revision, course } of coursesOf(plan)) {
      const rating: Rating = ratingOf(plan, index)
      yield courseRow(course, { id, revision, teachers: teachersCopy(plan, index), rating })
    }
  },
  *run({ courses, first }) {
    for (let index = 0; index < courses; index++) yield [first.course + index]
  },
  *module(plan) {
    for (const { index, id, course } of coursesOf(plan)) {
      for (const [at, { key }] of course.modules.entries()) {
        yield [plan.first.module + index * most.modules + at, id, key]
      }
    }
  },
  *module_revision(plan) {
    for (const { index, revision, course } of coursesOf(plan)) {
      for (const [at, { title, summary }] of course.modules.entries()) {
        yield [revision, plan.first.module + index * most.modules + at, at + 1, title, summary]
      }
    }
  },
  *lesson(plan) {
    for (const { index, id, course } of coursesOf(plan)) {
      for (const [at, { lesson }] of flat(course).entries()) {
        yield [plan.first.lesson + index * most.lessons + at, id, lesson.slug]
      }
    }
  },
  *lesson_revision(plan) {
    for (const { index, revision, course } of coursesOf(plan)) {
      for (const [at, { lesson, module }] of flat(course).entries()) {
        const paragraphs = lesson.paragraphs()
        const html = paragraphs.map((text) => `<p>${text}</p>`)
        const lessonId = plan.first.lesson + index * most.lessons + at
        yield [
          ...[revision, lessonId, plan.first.module + index * most.modules + module, at + 1],
          ...[lesson.slug, lesson.title, `${lesson.slug}.md`, lesson.minutes, html.join('')],
          ...[paragraphs.join('\n'), html.slice(0, 2).join('')],
        ]
      }
    }
  },
  *item(plan) {
    for (const { index, id, course } of coursesOf(plan)) {
      for (const [at, { key }] of itemsOf(course).entries()) {
        yield [plan.first.item + index * most.items + at, id, key]
      }
    }
  },
  *item_revision(plan) {
    for (const { index, revision, course } of coursesOf(plan)) {
      for (const [at, { item, lesson, place }] of itemsOf(course).entries()) {
        yield [
          ...[revision, plan.first.item + index * most.items + at],
          ...[plan.first.lesson + index * most.lessons + lesson, place],
          ...[item.kind, item.title, item.minutes],
        ]
      }
    }
  },
}

const itemsOf = (course: Course) =>
  flat(course).flatMap(({ lesson }, at) =>
    lesson.items.map((item, place) => ({
      item,
      lesson: at,
      place: place + 1,
      key: `${lesson.slug}/${item.kind}`,
    })),
  )

function courseRow(
  course: Course,
  given: {
    id: number
    revision: number
    teachers: ReturnType<typeof teachersCopy>
    rating: Rating
  },
): Row {
  const columns = course.modules.map(({ key, title, lessons }) => ({
    key,
    title,
    minutes: lessons.reduce((sum, { minutes }) => sum + minutes, 0),
    lessons: lessons.length,
  }))
  const first = course.modules[0]?.lessons[0]
  const { teachers, rating } = given
  return [
    ...[given.id, given.revision, course.slug, course.title, course.subtitle, course.subject],
    ...[course.level, course.skills, course.outcomes, course.description],
    columns.reduce((sum, { minutes }) => sum + minutes, 0),
    columns.reduce((sum, { lessons }) => sum + lessons, 0),
    { json: columns },
    first ? { json: { slug: first.slug, title: first.title, minutes: first.minutes } } : null,
    course.learners,
    { json: teachers },
    teachers.map(({ name, organisation }) => `${name} ${organisation}`).join(' '),
    ...[rating.average, rating.count, course.hash, course.publishedAt],
  ]
}
