import type { Element, Root } from 'hast'
import type { Files } from './files.ts'
import { splitPage, textIn } from './front-matter.ts'
import type { Links } from './html/links.ts'
import { isElement, property } from './html/nodes.ts'
import { plainOf } from './html/plain.ts'
import { serialise } from './html/to-html.ts'
import { renderPage, type Surroundings } from './page-html.ts'
import { type Report, reportOn } from './report.ts'

export type Description = {
  title: string
  html: string
  text: string
  objectives: string[]
  links: Links
}

/** What `index.md` says about the course. It is shown on the course page, below a heading there. */
export async function describe(
  files: Files,
  around: Surroundings,
  report: Report,
): Promise<Description> {
  const path = files.firstOf(['index.md', 'index.Rmd', 'README.md'])
  const links: Links = { images: new Set(), downloads: new Set(), references: [] }
  if (!path) return { title: '', html: '', text: '', objectives: [], links }
  const onPage = reportOn(report, path)
  if (path === 'README.md')
    onPage.approximated(1, 'description', 'there is no index.md; this stands in for it')
  const page = splitPage(files.text(path), onPage)
  for (const key of Object.keys(page.meta)) {
    const line = page.lineOf(key)
    if (key === 'title') onPage.exact(line, 'front matter')
    else onPage.dropped(line, `front matter ${key}`, 'it has no place in a course')
  }
  const rendered = await renderPage(page, path, around, onPage, 2)
  const { root, fields } = rendered
  for (const name of ['questions', 'keypoints'] as const) {
    if (fields[name].length > 0) onPage.dropped(1, name, 'a course has none; its lessons do')
  }
  if (rendered.work.length > 0) {
    onPage.dropped(1, 'quiz', 'only a lesson has quizzes and assignments')
  }
  ownNames(root)
  return {
    title: textIn(page.meta.title),
    html: serialise(root.children),
    text: plainOf(root.children),
    objectives: fields.objectives.map(({ text }) => text),
    links: rendered.links,
  }
}

/** Ids get a prefix, because the course page has its own. */
function ownNames(parent: Root | Element): void {
  for (const node of parent.children) {
    if (!isElement(node)) continue
    const { properties } = node
    const id = property(node, 'id')
    if (id !== null) properties.id = `about-${id}`
    const href = property(node, 'href')
    if (href?.startsWith('#')) properties.href = `#about-${href.slice(1)}`
    if (Array.isArray(properties.ariaLabelledBy)) {
      properties.ariaLabelledBy = properties.ariaLabelledBy.map((name) => `about-${name}`)
    }
    if (properties.ariaDescribedBy !== undefined) delete properties.ariaDescribedBy
    ownNames(node)
  }
}
