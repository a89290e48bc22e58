import { durationOf, shareOut } from './durations.ts'
import { type Page, textIn } from './front-matter.ts'
import { type Fields, openingOf } from './html/fields.ts'
import type { Found } from './html/items.ts'
import type { Links } from './html/links.ts'
import { property } from './html/nodes.ts'
import { plainOf } from './html/plain.ts'
import { serialise } from './html/to-html.ts'
import { renderPage, type Surroundings } from './page-html.ts'
import type { PageReport } from './report.ts'
import type { ItemSource, LessonSource } from './source.ts'

/** A lesson, and what can only be checked or used when all of them are read. */
export type ReadLesson = {
  lesson: LessonSource
  links: Links
  ids: Set<string>
  objectives: string[]
  /** Which banks its quizzes draw from, and whether they count. */
  banks: { name: string; counts: boolean }[]
}

const read = ['title', 'id', 'teaching', 'exercises', 'questions', 'objectives', 'keypoints']

/** Reads one page into a lesson. */
export async function readLesson(
  page: Page,
  path: string,
  slug: string,
  title: string,
  around: Surroundings,
  report: PageReport,
): Promise<ReadLesson> {
  reportMeta(page, report)
  const rendered = await renderPage(page, path, around, report)
  const { root, fields, items: found, work, links, ids } = rendered
  const text = plainOf(root.children)
  const challenges = found.filter(({ kind }) => kind !== 'video')
  const minutes = durationOf(page, text, challenges.length, report)
  const shares = shareOut(minutes.exercises, challenges.length)
  const spare = challenges.length === 0 ? minutes.exercises : 0
  if (spare > 0) {
    report.approximated(
      page.lineOf('exercises'),
      'duration',
      'no challenge takes the exercises’ minutes',
    )
  }
  const marked = found.filter(({ kind }) => kind === 'quiz' || kind === 'assignment')
  const anchorOf = ({ node }: Found) => property(node, 'id') ?? ''
  const items: ItemSource[] = found.map((one) => ({
    key: one.key,
    kind: one.kind,
    title: one.title.replace(/\s+/g, ' ').slice(0, 300) || one.key,
    minutes: one.kind === 'video' ? 0 : (shares.shift() ?? 0),
    anchor: anchorOf(one),
    // Both are in reading order.
    graded: work[marked.indexOf(one)]?.graded ?? null,
  }))
  const reading: ItemSource = {
    key: 'reading',
    kind: 'reading',
    title,
    minutes: minutes.teaching + spare,
    anchor: '',
    graded: null,
  }
  const id = textIn(page.meta.id)
  if (id !== '') report.exact(page.lineOf('id'), 'identity')
  const lesson: LessonSource = {
    key: id || path,
    slug,
    path,
    title,
    minutes: minutes.teaching + minutes.exercises,
    html: serialise(
      root.children.filter((node) => node.type !== 'text' || node.value.trim() !== ''),
    ),
    text,
    openingHtml: openingOf(root),
    items: [reading, ...items],
    // The key of a quiz is the id that it has in the page.
    quizzes: work.map(({ quiz }, at) => {
      const box = marked[at]
      return { ...quiz, key: box ? anchorOf(box) : quiz.key }
    }),
    ...htmlOf(fields),
  }
  const banks = work.flatMap(({ bank, graded }) =>
    bank === null ? [] : [{ name: bank, counts: graded !== null }],
  )
  return { lesson, links, ids, banks, objectives: fields.objectives.map((one) => one.text) }
}

const htmlOf = ({ questions, objectives, keypoints }: Fields) => ({
  questions: questions.map(({ html }) => html),
  objectives: objectives.map(({ html }) => html),
  keypoints: keypoints.map(({ html }) => html),
})

function reportMeta(page: Page, report: PageReport): void {
  for (const [key, value] of Object.entries(page.meta)) {
    const line = page.lineOf(key)
    if (read.includes(key) || value === null) report.exact(line, 'front matter')
    else report.dropped(line, `front matter ${key}`, 'it has no place in a course')
  }
}

/** A page's title: its front matter's, else its first heading's, else its name's. */
export function titleOf(page: Page, path: string, report: PageReport): string {
  const given = textIn(page.meta.title)
  if (given !== '') return plainTitle(given)
  const heading = /^#{1,2}[ \t]+(.+?)[ \t#]*(?:\{[^}]*\})?[ \t]*$/m.exec(page.body)?.[1]
  report.approximated(
    1,
    'title',
    heading ? 'taken from the first heading' : 'taken from the file’s name',
  )
  const name = path
    .replace(/^.*\//, '')
    .replace(/\.[^.]+$/, '')
    .replace(/^\d+[-_]/, '')
    .replace(/[-_]+/g, ' ')
    .trim()
  const words = heading ?? (name === '' ? path : name)
  return plainTitle(words.charAt(0).toUpperCase() + words.slice(1))
}

/** Titles are plain text: Markdown's marks for code and emphasis go. */
const plainTitle = (title: string): string =>
  title
    .replace(/[`*]|(?<!\w)_|_(?!\w)/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300) || title.slice(0, 300)

/** Whether a page holds anything besides its front matter. */
export const isEmptyPage = (page: Page): boolean =>
  page.body.replace(/<!--[\s\S]*?-->/g, '').trim() === ''
