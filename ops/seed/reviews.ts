import { Random } from './random.ts'
import { reviewTexts, type Words } from './words.ts'

export type Review = {
  id: string
  learner: string
  stars: number
  author: string
  text: string
  at: string
}

/** What a course's reviews come to; `stars` counts those with 1 to 5. */
export type Rating = { count: number; sum: number; average: string; stars: number[] }

type Wanted = { seed: number; words: Words; reviews: number; first: { course: number } }

const begin = Date.UTC(2026, 0, 2)
const hour = 3_600_000

/** The made-up reviews of the course number `index`; each says that it is an example. */
export function reviewsOf(
  { seed, words, reviews, first: { course } }: Wanted,
  index: number,
): Review[] {
  // Whoever seeds twice gets the same reviews for other courses, under ids of their own.
  const ids = new Random(seed, 'review ids', course + index)
  const random = new Random(seed, 'reviews', index)
  return Array.from({ length: reviews }, () => ({
    id: ids.uuid(),
    learner: ids.uuid(),
    stars: random.pick([5, 5, 5, 4, 4, 4, 3, 3, 2, 1]),
    author: `${random.pick(words.firstNames)} ${random.pick(words.lastNames)}`,
    text: random.pick(reviewTexts),
    at: new Date(begin + random.between(0, 5000) * hour).toISOString(),
  }))
}

/** What those reviews come to, as the reviews service would count them. */
export function ratingOf(wanted: Wanted, index: number): Rating {
  const given = reviewsOf(wanted, index).map(({ stars }) => stars)
  const count = given.length
  const sum = given.reduce((all, stars) => all + stars, 0)
  return {
    count,
    sum,
    average: count === 0 ? '0' : (Math.round((sum * 100) / count) / 100).toFixed(2),
    stars: [1, 2, 3, 4, 5].map((stars) => given.filter((one) => one === stars).length),
  }
}
