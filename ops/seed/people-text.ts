import { escapeText } from './copy.ts'
import { CopyText } from './copy-text.ts'
import {
  academicTitles,
  biographyParts,
  drawPerson,
  drawTeachers,
  emptyDraw,
  personRandom,
  teachersRandom,
} from './people.ts'
import type { Words } from './words.ts'

/** What the rows of people and of what they teach are made from. */
export type PeoplePlan = {
  seed: number
  words: Words
  instructors: number
  first: { course: number; instructor: number }
}

/** Rows as COPY takes them, some hundred kilobytes at a time; overwritten when the next are asked for. */
export type Text = Generator<{ bytes: Uint8Array; rows: number }, void>

const encode = (text: string): Uint8Array => Buffer.from(escapeText(text))
const encodeAll = (list: readonly string[]) => list.map(encode)

const nothing = Buffer.from('\\N')
const isExample = Buffer.from('true')
const space = encode(' ')
const titles = encodeAll(academicTitles)
const [livesIn, taughtFor, years, end] = biographyParts.map(encode)
const roles = { primary: encode('primary'), assistant: encode('assistant') }

/** The rows of the instructors from index `from` up to, but not including, `to`. */
export function* instructorText(plan: PeoplePlan, from: number, to: number): Text {
  const { seed, words, first } = plan
  const random = personRandom(seed)
  const draw = emptyDraw()
  const text = new CopyText()
  const firstNames = encodeAll(words.firstNames)
  const lastNames = encodeAll(words.lastNames)
  const professions = encodeAll(words.titles)
  const organisations = encodeAll(words.organisations)
  const places = encodeAll(words.places)
  const trades = encodeAll(words.trades)
  for (let index = from; index < to; index++) {
    drawPerson(random.aim(index), words, draw)
    const firstName = firstNames[draw.firstName]
    const lastName = lastNames[draw.lastName]
    text.integer(first.instructor + index).tab()
    text.text(firstName).tab()
    text.text(firstNames[draw.middleName] ?? nothing).tab()
    text.text(lastName).tab()
    text.text(titles[draw.academicTitle] ?? nothing).tab()
    text.text(professions[draw.title]).tab()
    text.text(organisations[draw.organisation]).tab()
    text.text(firstName).text(space).text(lastName).text(livesIn).text(places[draw.place])
    text.text(taughtFor).integer(draw.years).text(years).text(trades[draw.trade]).text(end).tab()
    text.integer(draw.learners).tab()
    text.integer(draw.ratings).tab()
    if (draw.ratings > 0) text.hundredths(draw.average).tab()
    else text.text(nothing).tab()
    text.text(isExample).endRow()
    if (text.full) yield text.take()
  }
  yield text.take()
}

/** Who teaches the courses from index `from` up to, but not including, `to`. */
export function* teachingText(plan: PeoplePlan, from: number, to: number): Text {
  const { seed, instructors, first } = plan
  const random = teachersRandom(seed)
  const text = new CopyText()
  const chosen: number[] = []
  for (let index = from; index < to; index++) {
    drawTeachers(random.aim(index), index, instructors, chosen)
    for (let place = 0; place < chosen.length; place++) {
      text.integer(first.course + index).tab()
      text.integer(first.instructor + (chosen[place] ?? 0)).tab()
      text.text(place === 0 ? roles.primary : roles.assistant).tab()
      text.integer(place).endRow()
    }
    if (text.full) yield text.take()
  }
  yield text.take()
}
