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

export const academicTitles = ['Dr', 'Professor', 'MSc'] as const

/** The sentence that every biography is, around what differs: name, place, years, trade. */
export const biographyParts = [
  ' lives in ',
  ' and has taught for ',
  ' years, after a first profession in ',
  '.',
] as const

/** What is drawn for one person: places in the lists of words (-1 for none), and numbers. */
export type Draw = {
  firstName: number
  middleName: number
  lastName: number
  academicTitle: number
  title: number
  organisation: number
  place: number
  trade: number
  years: number
  learners: number
  ratings: number
  /** In hundredths; 0 where nobody rated. */
  average: number
}

export const emptyDraw = (): Draw => ({
  firstName: 0,
  middleName: -1,
  lastName: 0,
  academicTitle: -1,
  title: 0,
  organisation: 0,
  place: 0,
  trade: 0,
  years: 0,
  learners: 0,
  ratings: 0,
  average: 0,
})

export const personRandom = (seed: number) => new Random(seed, 'person', 0)

/** Draws the person that `random` is aimed at into `draw`, which may be used again for the next. */
export function drawPerson(random: Random, words: Words, draw: Draw): void {
  const { firstNames, lastNames, titles, organisations, places, trades } = words
  draw.firstName = random.below(firstNames.length)
  draw.lastName = random.below(lastNames.length)
  draw.title = random.below(titles.length)
  draw.organisation = random.below(organisations.length)
  draw.ratings = random.chance(0.7) ? Math.floor(random.next() ** 3 * 20_000) : 0
  draw.middleName = random.chance(0.15) ? random.below(firstNames.length) : -1
  draw.academicTitle = random.chance(0.3) ? random.below(academicTitles.length) : -1
  draw.place = random.below(places.length)
  draw.years = random.between(2, 35)
  draw.trade = random.below(trades.length)
  draw.learners = draw.ratings * random.between(2, 30)
  draw.average = draw.ratings > 0 ? Math.round((3 + random.next() * 2) * 100) : 0
}

/** The made-up instructor number `index`, in words. */
export function personAt(seed: number, index: number, words: Words): Person {
  const draw = emptyDraw()
  drawPerson(personRandom(seed).aim(index), words, draw)
  const firstName = words.firstNames[draw.firstName] ?? ''
  const lastName = words.lastNames[draw.lastName] ?? ''
  const [livesIn, taught, years, end] = biographyParts
  return {
    firstName,
    middleName: words.firstNames[draw.middleName] ?? null,
    lastName,
    academicTitle: academicTitles[draw.academicTitle] ?? null,
    title: words.titles[draw.title] ?? '',
    organisation: words.organisations[draw.organisation] ?? '',
    biography: `${firstName} ${lastName}${livesIn}${words.places[draw.place]}${taught}${draw.years}${years}${words.trades[draw.trade]}${end}`,
    learners: draw.learners,
    ratings: draw.ratings,
    averageRating: draw.ratings > 0 ? (draw.average / 100).toFixed(2) : null,
  }
}

export const nameOf = ({ firstName, middleName, lastName }: Person) =>
  [firstName, middleName, lastName].filter(Boolean).join(' ')

export const teachersRandom = (seed: number) => new Random(seed, 'teachers', 0)

/**
 * Who teaches the made-up course number `index`, drawn into `chosen` as indices of instructors. Everybody is the
 * primary one of the course with their own index; one to four others assist, two and a half on average.
 */
export function drawTeachers(
  random: Random,
  index: number,
  instructors: number,
  chosen: number[],
): void {
  chosen.length = 0
  if (instructors === 0) return
  chosen.push(index % instructors)
  const wanted = Math.min(instructors, 1 + random.between(1, 4))
  while (chosen.length < wanted) {
    const one = random.below(instructors)
    if (!chosen.includes(one)) chosen.push(one)
  }
}

/** As `drawTeachers`, for one course. */
export function teachersOf(seed: number, index: number, instructors: number): number[] {
  const chosen: number[] = []
  drawTeachers(teachersRandom(seed).aim(index), index, instructors, chosen)
  return chosen
}
