import { Random } from './random.ts'
import type { Words } from './words.ts'

export type Person = {
  firstName: string
  middleName: string | null
  lastName: string
  academicTitle: string | null
  title: string
  organisation: string
  biography: string
  learners: number
  ratings: number
  averageRating: string | null
}

/** The made-up instructor number `index`. */
export function personAt(seed: number, index: number, words: Words): Person {
  const random = new Random(seed, 'person', index)
  const firstName = random.pick(words.firstNames)
  const lastName = random.pick(words.lastNames)
  const title = random.pick(words.titles)
  const organisation = random.pick(words.organisations)
  const ratings = random.chance(0.7) ? Math.floor(random.next() ** 3 * 20_000) : 0
  return {
    firstName,
    middleName: random.chance(0.15) ? random.pick(words.firstNames) : null,
    lastName,
    academicTitle: random.chance(0.3) ? random.pick(['Dr', 'Professor', 'MSc']) : null,
    title,
    organisation,
    biography: `${firstName} ${lastName} lives in ${random.pick(words.places)} and has taught for ${random.between(2, 35)} years, after a first profession in ${random.pick(words.trades)}.`,
    learners: ratings * random.between(2, 30),
    ratings,
    averageRating: ratings > 0 ? (3 + random.next() * 2).toFixed(2) : null,
  }
}

export const nameOf = ({ firstName, middleName, lastName }: Person) =>
  [firstName, middleName, lastName].filter(Boolean).join(' ')

/** Who teaches the made-up course number `index`: indices of instructors, the primary one first. */
export function teachersOf(seed: number, index: number, instructors: number): number[] {
  const random = new Random(seed, 'teachers', index)
  const wanted = Math.min(instructors, 1 + random.between(1, 3))
  const chosen = new Set<number>()
  while (chosen.size < wanted) chosen.add(random.between(0, instructors - 1))
  return [...chosen]
}
