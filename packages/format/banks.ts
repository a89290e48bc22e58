import type { Question } from '@colonnade/questions'
import { CourseError } from './errors.ts'
import type { Files } from './files.ts'
import { splitPage } from './front-matter.ts'
import type { Links } from './html/links.ts'
import type { ReadLesson } from './lesson.ts'
import { renderBank, type Surroundings } from './page-html.ts'
import { type Report, reportOn } from './report.ts'

/** `colonnade/banks/*.md`: questions that several quizzes draw from. */
export type Banks = { byName: Map<string, Question[] | null>; links: Links[] }

const bankFile = /^colonnade\/banks\/([\p{L}\p{N}][\p{L}\p{N}_.-]*)\.md$/u

/** Reads every bank, by the name of its file; null for one that is refused. */
export async function readBanks(
  files: Files,
  around: Omit<Surroundings, 'banks'>,
  report: Report,
): Promise<Banks> {
  const banks: Banks = { byName: new Map(), links: [] }
  for (const path of files.paths.filter((one) => bankFile.test(one)).sort()) {
    const name = bankFile.exec(path)?.[1] ?? path
    const refused = report.refusals
    try {
      const onPage = reportOn(report, path)
      const text = files.text(path)
      // Banks need no front matter.
      const page = text.startsWith('---')
        ? splitPage(text, onPage)
        : { meta: {}, lineOf: () => 1, body: text, bodyLine: 1 }
      for (const key of Object.keys(page.meta)) {
        onPage.dropped(
          page.lineOf(key),
          `front matter ${key}`,
          'a bank is known by its file’s name',
        )
      }
      const { questions, links } = await renderBank(page, path, { ...around, banks: none }, onPage)
      if (questions.length === 0 && report.refusals === refused) {
        throw new CourseError(
          { file: path },
          'The bank has no question.',
          'Write some, or take it out.',
        )
      }
      banks.byName.set(name, questions)
      banks.links.push(links)
    } catch (error) {
      report.refuse(error)
    }
    if (report.refusals > refused) banks.byName.set(name, null)
  }
  return banks
}

/** Says of every bank what it is used for. */
export function reportBanks(
  { byName }: Banks,
  lessons: readonly ReadLesson[],
  report: Report,
): void {
  const uses = lessons.flatMap((lesson) => lesson.banks)
  for (const name of byName.keys()) {
    const path = `colonnade/banks/${name}.md`
    const own = uses.filter((use) => use.name === name)
    if (own.length === 0) report.dropped(path, 1, 'bank', 'no quiz draws from it')
    else if (own.every(({ counts }) => counts === own[0]?.counts)) report.exact(path, 1, 'bank')
    else {
      const why = 'a quiz that does not count tells everybody the answers of one that does'
      report.approximated(path, 1, 'bank', why)
    }
  }
}

const none = new Map<string, null>()
