import { readBanks, reportBanks } from './banks.ts'
import { readConfig } from './config.ts'
import { type Extensions, readExtensions } from './course-files.ts'
import { attributionOf, licenceOf } from './credits.ts'
import { describe } from './description.ts'
import { CourseError } from './errors.ts'
import { Files } from './files.ts'
import { filmAt } from './films/films.ts'
import { checkSize, safePath } from './folder/paths.ts'
import { cleanText } from './folder/text.ts'
import { checkFragments } from './fragments.ts'
import { splitPage } from './front-matter.ts'
import { gradingOf, policyOf } from './grading.ts'
import { directionOf, languageOf } from './language.ts'
import { isEmptyPage, type ReadLesson, readLesson, titleOf } from './lesson.ts'
import { arrange } from './modules.ts'
import type { Surroundings } from './page-html.ts'
import { findPages, slugsOf } from './pages.ts'
import { Report, type ReportLine, reportOn } from './report.ts'
import { Site } from './site.ts'
import { addressOf } from './slugs.ts'
import { type CourseSource, courseSource, type ModuleSource } from './source.ts'
import { levelOf, subjectOf } from './subject.ts'
import { reportUnused } from './unused.ts'
import { wordsOf } from './words.ts'

/**
 * Reads a course folder in the Carpentries Workbench's format, extended by `colonnade/*.yaml`.
 * `files` leads from relative paths to bytes. Every element is in the report: exact, approximated or
 * dropped. Throws CourseError, with file, line and how to mend it, when the folder is no course, and with all else
 * that is wrong, as far as it can be told.
 */
export async function readCourse(
  files: ReadonlyMap<string, Uint8Array>,
): Promise<{ course: CourseSource; report: ReportLine[] }> {
  const report = new Report()
  try {
    const course = await read(new Files(checked(files), report), report)
    return { course, report: report.lines() }
  } catch (error) {
    // deep nesting ends in the stack's limit wherever it happens
    report.refuse(
      error instanceof RangeError
        ? new CourseError({ file: 'config.yaml' }, 'A page is nested too deeply.', 'Simplify it.')
        : error,
    )
    report.stopIfRefused()
    throw error
  }
}

function checked(files: ReadonlyMap<string, Uint8Array>): Map<string, Uint8Array> {
  const safe = new Map<string, Uint8Array>()
  let bytes = 0
  for (const [path, content] of files) {
    bytes += content.byteLength
    checkSize(path, safe.size + 1, bytes)
    safe.set(safePath(path), content)
  }
  return safe
}

async function read(files: Files, report: Report): Promise<CourseSource> {
  const configFile = files.firstOf(['config.yaml', 'config.yml', '_config.yml'])
  if (!configFile) {
    throw new CourseError(
      { file: 'config.yaml' },
      'The folder has no config.yaml.',
      'Name the folder that holds config.yaml and episodes/.',
    )
  }
  const config = readConfig(files.text(configFile), configFile, report)
  const extensions = readExtensions(files, report)
  const course = extensions.course
  const language = languageOf(config, configFile, report)
  const words = wordsOf(language)
  const pages = findPages(files.paths, config, configFile, report)
  const slugs = slugsOf(pages)
  const shared = {
    site: new Site(files.paths, slugs, config.url),
    words,
    sharedLinks: sharedLinksOf(files, report),
    filmAt: (path: string) => filmAt(path, files, language, report),
    grading: gradingOf(extensions.grading),
  }
  const banks = await readBanks(files, shared, report)
  const around: Surroundings = { ...shared, banks: banks.byName }
  const lessonsOf = async (paths: string[]): Promise<ReadLesson[]> => {
    const lessons: ReadLesson[] = []
    for (const path of paths) {
      // A page takes a while to render: whoever shares this process is heard in between.
      await new Promise((resolve) => setImmediate(resolve))
      try {
        const onPage = reportOn(report, path)
        const page = splitPage(files.text(path), onPage)
        if (isEmptyPage(page)) {
          onPage.dropped(1, 'page', 'it is empty')
          continue
        }
        const title = titleOf(page, path, onPage)
        const slug = slugs.get(path) ?? path
        lessons.push(await readLesson(page, path, slug, title, around, onPage))
      } catch (error) {
        report.refuse(error)
      }
    }
    return lessons
  }
  const episodes = await lessonsOf(pages.episodes)
  const learners = await lessonsOf(pages.learners)
  // What comes next needs all lessons, and would complain of those that were refused.
  report.stopIfRefused()
  if (episodes.length === 0) {
    throw new CourseError({ file: configFile }, 'Every episode is empty.', 'Write at least one.')
  }
  const about = await describe(files, around, report)
  checkFragments([...episodes, ...learners], report)
  const title = config.title || about.title
  if (title === '') {
    const line = config.lineOf(['title'])
    throw new CourseError({ file: configFile, line }, 'The course has no title.', 'Add “title:”.')
  }
  const modules = arrange(
    episodes.map(({ lesson }) => lesson),
    course?.modules ?? null,
    extensions.lineOf,
    words,
    configFile,
    report,
  )
  if (learners.length > 0) {
    const lessons = learners.map(({ lesson }) => lesson)
    modules.push({ key: 'learners', title: words.learners, summary: '', lessons })
  }
  const links = [...[...episodes, ...learners, about].map((one) => one.links), ...banks.links]
  const pictures = picturesOf(extensions, files, report)
  const images = new Set([...pictures, ...links.flatMap((one) => [...one.images])])
  const downloads = new Set(links.flatMap((one) => [...one.downloads]))
  report.stopIfRefused()
  for (const path of images) report.exact(path, 1, 'picture')
  for (const path of downloads) report.exact(path, 1, 'download')
  for (const path of [...images, ...downloads]) files.use(path)
  const result: CourseSource = {
    ...identityOf(course, config.source, language),
    slug: course?.slug ?? addressOf(title, 'course'),
    title: cleanText(title).slice(0, 300),
    subtitle: course?.subtitle ?? '',
    language,
    direction: directionOf(language),
    subject: subjectOf(course?.subject ?? null, config, configFile, report),
    level: levelOf(course?.level ?? null, configFile, report),
    effort: course?.effort ?? '',
    keywords: config.keywords,
    skills: course?.skills ?? [],
    outcomes: outcomesOf(course?.outcomes ?? [], about.objectives, episodes, configFile, report),
    descriptionHtml: about.html,
    descriptionText: about.text,
    licence: licenceOf(config.licence, files, report),
    attribution: attributionOf(course?.attribution ?? '', files, report),
    source: config.source,
    image: course?.image ?? null,
    sample: course?.sample ?? false,
    modules,
    policy: policyOf(extensions, groupsOf(modules), report),
    people: extensions.people,
    organisations: extensions.organisations,
    testimonials: extensions.testimonials,
    reviews: extensions.reviews,
    images: [...images].sort(),
    downloads: [...downloads].sort(),
  }
  reportBanks(banks, [...episodes, ...learners], report)
  reportUnused(files, report)
  return courseSource.parse(result)
}

/** The groups that items count towards, each once, in reading order. */
function groupsOf(modules: ModuleSource[]): string[] {
  const items = modules.flatMap(({ lessons }) => lessons.flatMap((lesson) => lesson.items))
  return [...new Set(items.flatMap(({ graded }) => graded?.group ?? []))]
}

/** Link definitions that the Workbench appends to every page. */
function sharedLinksOf(files: Files, report: Report): string {
  if (!files.has('links.md')) return ''
  report.exact('links.md', 1, 'link definitions')
  return files.text('links.md')
}

/** Outcomes nobody wrote down are the first objectives of the episodes. */
function outcomesOf(
  given: string[],
  stated: string[],
  episodes: ReadLesson[],
  configFile: string,
  report: Report,
): string[] {
  if (given.length > 0) return given
  const found =
    stated.length > 0 ? stated : episodes.flatMap(({ objectives }) => objectives.slice(0, 1))
  if (found.length > 0) {
    report.approximated(configFile, 1, 'outcomes', 'none are given; taken from the objectives')
  }
  return [...new Set(found)].slice(0, 8)
}

/** The pictures `colonnade/*.yaml` names; one that is not there is a mistake worth stopping for. */
function picturesOf(extensions: Extensions, files: Files, report: Report): string[] {
  const named: { file: string; path: string | null | undefined }[] = [
    { file: 'colonnade/course.yaml', path: extensions.course?.image },
    ...extensions.people.map(({ photo }) => ({ file: 'colonnade/people.yaml', path: photo })),
    ...extensions.organisations.map(({ logo }) => ({
      file: 'colonnade/organisations.yaml',
      path: logo,
    })),
  ]
  return named.flatMap(({ file, path }) => {
    if (path === null || path === undefined) return []
    if (files.has(path)) return [path]
    const problem = `The picture ${path} is not in the folder.`
    report.refuse(new CourseError({ file }, problem, 'Add it, or take its line out.'))
    return []
  })
}

/**
 * What the course is known by over its revisions, where its slug is not: the author's `id`; or, when the slug is only
 * made of a title that may change, the address of its source, in its language.
 */
function identityOf(
  course: { id?: string | null | undefined; slug?: string | null | undefined } | null | undefined,
  source: string,
  language: string,
): { id?: string } {
  if (course?.id) return { id: course.id }
  if (course?.slug || source === '') return {}
  return { id: addressOf(`${source.replace(/^https?:\/\//, '')} ${language}`, 'course') }
}
