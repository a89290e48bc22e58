import type { Question } from '@colonnade/questions'
import type { Element, Root } from 'hast'
import { countElements } from './count.ts'
import type { Film } from './films/films.ts'
import { showFilms } from './films/player.ts'
import type { Page } from './front-matter.ts'
import { renderCode } from './html/code.ts'
import { type Fields, takeFields } from './html/fields.ts'
import { dropMarks, shapeFigures } from './html/figures.ts'
import { levelHeadings, nameHeadings } from './html/headings.ts'
import { type Found, findItems } from './html/items.ts'
import { type Links, resolveLinks } from './html/links.ts'
import { renderMaths } from './html/maths.ts'
import { takeAnswers, takeQuestions, takeQuizzes } from './html/quizzes.ts'
import { shapeTables } from './html/tables.ts'
import { toCleanTree } from './html/to-html.ts'
import type { Work, WorkSurroundings } from './html/work.ts'
import { readTree } from './markdown/tree.ts'
import { fillTemplates } from './preprocess.ts'
import type { PageReport } from './report.ts'
import type { Site } from './site.ts'
import type { Words } from './words.ts'

export type Surroundings = WorkSurroundings & {
  site: Site
  words: Words
  /** Link definitions every page may use (`links.md`). */
  sharedLinks: string
  /** What lies beside a film of the folder. */
  filmAt(path: string): Film
}

/** A page as a clean tree, with everything that was found in it. */
export type Rendered = {
  root: Root
  fields: Fields
  items: Found[]
  work: Work[]
  links: Links
  ids: Set<string>
}

/** Renders a page's body. `path` is where its relative addresses start; headings begin below `base`. */
export async function renderPage(
  page: Page,
  path: string,
  around: Surroundings,
  report: PageReport,
  base = 1,
): Promise<Rendered> {
  const { root, links, answers } = await cleanPage(page, path, around, report)
  const fields = takeFields(root, report)
  const work = takeQuizzes(root, path, answers, around, report)
  levelHeadings(root, base)
  const items = findItems(root)
  showFilms(items, around.filmAt, around.words)
  const ids = nameHeadings(root)
  dropMarks(root)
  return { root, fields, items, work, links, ids }
}

/** Renders the questions of a bank. */
export async function renderBank(
  page: Page,
  path: string,
  around: Surroundings,
  report: PageReport,
): Promise<{ questions: Question[]; links: Links }> {
  const { root, links, answers } = await cleanPage(page, path, around, report)
  return { questions: takeQuestions(root, path, answers, report), links }
}

/** A page as a clean tree, links, pictures and code done, and the `answer` blocks that were in it. */
async function cleanPage(
  page: Page,
  path: string,
  { words, site, sharedLinks }: Surroundings,
  report: PageReport,
): Promise<{ root: Root; links: Links; answers: Map<Element, string> }> {
  const body = fillTemplates(page.body, page.bodyLine, report)
  const whole = `${body}\n\n${listsIn(page.meta)}\n\n${sharedLinks}`
  const rmd = path.toLowerCase().endsWith('.rmd')
  const tree = readTree(whole, { report, words, rmd }, page.bodyLine)
  countElements(tree, report)
  const root = toCleanTree(tree, report, words)
  const links = resolveLinks(root, path, site, report)
  shapeFigures(root, report)
  shapeTables(root, words)
  renderMaths(root, report)
  const answers = takeAnswers(root)
  await renderCode(root, report, words)
  return { root, links, answers }
}

/** Lessons before the Workbench have their questions, objectives and key points in the front matter. */
function listsIn(meta: Page['meta']): string {
  return ['questions', 'objectives', 'keypoints']
    .flatMap((name) => {
      const list = meta[name]
      if (!Array.isArray(list)) return []
      const items = list.map((one) => `- ${String(one).replace(/\n/g, '\n  ')}`)
      return [`::: ${name}\n\n${items.join('\n')}\n\n:::`]
    })
    .join('\n\n')
}
