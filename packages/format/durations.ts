import { minutesIn, type Page } from './front-matter.ts'
import type { PageReport } from './report.ts'

const wordsPerMinute = 180
const minutesPerExercise = 5

/** Minutes of teaching and of exercises: as the front matter says, else from the number of words. */
export function durationOf(
  page: Page,
  text: string,
  exercises: number,
  report: PageReport,
): { teaching: number; exercises: number } {
  const teaching = given(page, 'teaching', report)
  const practice = given(page, 'exercises', report)
  if (teaching !== null) return { teaching, exercises: practice ?? 0 }
  const words = text.split(/\s+/).filter(Boolean).length
  report.approximated(1, 'duration', `counted from its ${words} words`)
  return {
    teaching: Math.max(1, Math.ceil(words / wordsPerMinute)),
    exercises: practice ?? exercises * minutesPerExercise,
  }
}

function given(page: Page, key: string, report: PageReport): number | null {
  const value = page.meta[key]
  if (value === undefined || value === null) return null
  const minutes = minutesIn(value)
  if (minutes === null) {
    report.dropped(page.lineOf(key), key, 'it is no number of minutes')
    return null
  }
  report.exact(page.lineOf(key), 'duration')
  return minutes
}

/** Shares whole minutes out among `count` parts; the first ones get what is left over. */
export function shareOut(minutes: number, count: number): number[] {
  const each = Math.floor(minutes / Math.max(1, count))
  const over = minutes - each * count
  return Array.from({ length: count }, (_, at) => each + (at < over ? 1 : 0))
}
