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
import { directionOf, languageOf } from './language.ts'
import { isEmptyPage, type ReadLesson, readLesson, titleOf } from './lesson.ts'
import { arrange } from './modules.ts'
import type { Surroundings } from './page-html.ts'
import { findPages, slugsOf } from './pages.ts'
import { Report, type ReportLine, reportOn } from './report.ts'
import { Site } from './site.ts'
import { addressOf } from './slugs.ts'
import { type CourseSource, courseSource } from './source.ts'
import { levelOf, subjectOf } from './subject.ts'
import { reportUnused } from './unused.ts'
import { wordsOf } from './words.ts'

/**
 * Reads a course folder in the Carpentries Workbench's format, extended by `colonnade/*.yaml`.
 * `files` leads from relative paths to bytes. Every element is in the report: exact, approximated or
 * dropped. Throws CourseError, with file, line and how to mend it, when the folder is no course.
 */
export async function readCourse(
  files: ReadonlyMap<string, Uint8Array>,
): Promise<{ course: CourseSource; report: ReportLine[] }> {
  try {
    const report = new Report()
    const course = await read(new Files(checked(files), report), report)
    return { course, report: report.lines() }
  } catch (error) {
    // deep nesting ends in the stack's limit wherever it happens
    if (!(error instanceof RangeError)) throw error
    throw new CourseError({ file: 'config.yaml' }, 'A page is nested too deeply.', 'Simplify it.')
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
  const around: Surroundings = {
    site: new Site(files.paths, slugs, config.url),
    words,
    sharedLinks: sharedLinksOf(files, report),
    filmAt: (path) => filmAt(path, files, language, report),
  }
  const lessonsOf = async (paths: string[]): Promise<ReadLesson[]> => {
    const lessons: ReadLesson[] = []
    for (const path of paths) {
      // A page takes a while to render: whoever shares this process is heard in between.
      await new Promise((resolve) => setImmediate(resolve))
      const onPage = reportOn(report, path)
      const page = splitPage(files.text(path), onPage)
      if (isEmptyPage(page)) {
        onPage.dropped(1, 'page', 'it is empty')
        continue
      }
      const title = titleOf(page, path, onPage)
      lessons.push(await readLesson(page, path, slugs.get(path) ?? path, title, around, onPage))
    }
    return lessons
  }
  const episodes = await lessonsOf(pages.episodes)
  const learners = await lessonsOf(pages.learners)
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
  const read = [...episodes, ...learners, about]
  const pictures = picturesOf(extensions, files)
  const images = new Set([...pictures, ...read.flatMap(({ links }) => [...links.images])])
  const downloads = new Set(read.flatMap(({ links }) => [...links.downloads]))
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
    people: extensions.people,
    organisations: extensions.organisations,
    testimonials: extensions.testimonials,
    reviews: extensions.reviews,
    images: [...images].sort(),
    downloads: [...downloads].sort(),
  }
  reportUnused(files, report)
  return courseSource.parse(result)
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
function picturesOf(extensions: Extensions, files: Files): string[] {
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
    throw new CourseError(
      { file },
      `The picture ${path} is not in the folder.`,
      'Add it, or take its line out.',
    )
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
