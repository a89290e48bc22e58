import type { Quiz } from '@colonnade/questions'
import type { Root } from 'hast'
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
import { takeAnswers, takeQuizzes } from './html/quizzes.ts'
import { shapeTables } from './html/tables.ts'
import { toCleanTree } from './html/to-html.ts'
import { readTree } from './markdown/tree.ts'
import { fillTemplates } from './preprocess.ts'
import type { PageReport } from './report.ts'
import type { Site } from './site.ts'
import type { Words } from './words.ts'

export type Surroundings = {
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
  quizzes: Quiz[]
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
  const { words, site, sharedLinks, filmAt } = around
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
  const fields = takeFields(root, report)
  const quizzes = takeQuizzes(root, path, answers)
  levelHeadings(root, base)
  const items = findItems(root)
  showFilms(items, filmAt, words)
  const ids = nameHeadings(root)
  dropMarks(root)
  return { root, fields, items, quizzes, links, ids }
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
