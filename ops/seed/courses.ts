import { createHash } from 'node:crypto'
import { Random } from './random.ts'
import {
  lessonPatterns,
  madeUp,
  modulePatterns,
  outcomePatterns,
  type Subject,
  sentences,
  titlePatterns,
  topics,
} from './words.ts'

export type Item = { kind: 'reading' | 'quiz'; title: string; minutes: number }
export type Lesson = {
  slug: string
  title: string
  minutes: number
  /** Made when asked for: most tables do without. */
  paragraphs(): string[]
  items: Item[]
}
export type Module = { key: string; title: string; summary: string; lessons: Lesson[] }
export type Course = {
  slug: string
  title: string
  subtitle: string
  subject: Subject
  level: 'beginner' | 'intermediate' | 'advanced'
  skills: string[]
  outcomes: string[]
  description: string
  learners: number
  publishedAt: string
  hash: string
  modules: Module[]
}

/** At most so many parts has a made-up course: how many ids are kept free for each. */
export const most = { modules: 4, lessons: 12, items: 24 }

const subjects = Object.keys(topics) as Subject[]
const day = 86_400_000
/** Fixed, so that the same seed gives the same rows on any day; in the past, so that they stand behind real courses. */
const newest = Date.UTC(2026, 0, 1)

const fill = (pattern: string, topic: string) => pattern.replaceAll('{}', topic)
const slugOf = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')

/** The made-up course number `index`, whose slug ends in its id. */
export function courseAt(seed: number, index: number, id: number): Course {
  const random = new Random(seed, 'course', index)
  const subject = random.pick(subjects)
  const topic = random.pick(topics[subject])
  const said = topic.toLowerCase()
  const title = fill(random.pick(titlePatterns), topic)
  return {
    slug: `${slugOf(title)}-${id}`,
    title,
    subtitle: `A made-up course on ${said}, for load tests`,
    subject,
    level: random.pick(['beginner', 'intermediate', 'advanced'] as const),
    skills: [topic, random.pick(topics[subject]), random.pick(topics[subject])].filter(
      (skill, at, all) => all.indexOf(skill) === at,
    ),
    outcomes: outcomePatterns.slice(random.between(0, 2)).map((pattern) => fill(pattern, said)),
    description: `${madeUp} ${paragraph(random, said)}`,
    learners: Math.floor(random.next() ** 4 * 50_000),
    publishedAt: new Date(newest - Math.floor(random.next() * 1500 * day)).toISOString(),
    hash: createHash('sha256').update(`seeded ${seed} ${index} ${id}`).digest('hex'),
    modules: modulesOf(random, said, (lesson) => new Random(seed, `lesson ${lesson}`, index)),
  }
}

function modulesOf(random: Random, topic: string, randomOf: (lesson: string) => Random): Module[] {
  const count = random.between(3, most.modules)
  const titles = rotated(lessonPatterns, random)
  return rotated(modulePatterns, random)
    .slice(0, count)
    .map((pattern, at) => ({
      key: `m${at + 1}`,
      title: capital(fill(pattern, topic)),
      summary: fill(random.pick(sentences), topic),
      lessons: titles
        .slice(at * 3, at * 3 + random.between(2, most.lessons / most.modules))
        .map((title) => {
          const named = capital(fill(title, topic))
          return lessonOf(named, topic, random.between(3, 12) * 5, () => randomOf(title))
        }),
    }))
}

function lessonOf(title: string, topic: string, minutes: number, open: () => Random): Lesson {
  return {
    slug: slugOf(title),
    title,
    minutes,
    paragraphs() {
      const random = open()
      return [madeUp, ...Array.from({ length: 4 }, () => paragraph(random, topic))]
    },
    items: [
      { kind: 'reading', title, minutes: minutes - 5 },
      { kind: 'quiz', title: 'Check what you read', minutes: 5 },
    ],
  }
}

const paragraph = (random: Random, topic: string) =>
  Array.from({ length: 4 }, () => fill(random.pick(sentences), topic)).join(' ')

function rotated(list: readonly string[], random: Random): string[] {
  const by = random.between(0, list.length - 1)
  return [...list.slice(by), ...list.slice(0, by)]
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
