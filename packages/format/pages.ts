import type { Config } from './config.ts'
import { CourseError } from './errors.ts'
import type { Report } from './report.ts'
import { stem } from './site.ts'
import { addressOf, Names } from './slugs.ts'

/** The pages of a course in order, by their paths. */
export type Pages = { episodes: string[]; learners: string[] }

const isPage = (path: string) => /\.(md|rmd|markdown)$/i.test(path)

/** Finds the pages: as `config.yaml` lists them, else all that are in the folder, sorted. */
export function findPages(
  paths: string[],
  config: Config,
  configFile: string,
  report: Report,
): Pages {
  const folder = paths.some((path) => /^episodes\/[^/]+$/.test(path) && isPage(path))
    ? 'episodes/'
    : paths.some((path) => path.startsWith('_episodes/'))
      ? '_episodes/'
      : 'episodes/'
  const listed = (key: 'episodes' | 'learners', within: string) =>
    config[key].flatMap((name, at) => {
      const bare = name.replace(/^\.?\//, '')
      const path = paths.includes(bare) && isPage(bare) ? bare : `${within}${bare}`
      if (paths.includes(path)) return path
      report.refuse(
        new CourseError(
          { file: configFile, line: config.lineOf([key, at]) },
          `${within}${bare} is listed but not in the folder.`,
          'Add the file or take it off the list.',
        ),
      )
      return []
    })
  const inFolder = (within: string) =>
    paths
      .filter(
        (path) =>
          path.startsWith(within) && isPage(path) && !path.slice(within.length).includes('/'),
      )
      .sort()
  if (folder === '_episodes/') {
    report.approximated(
      configFile,
      1,
      'folder',
      'a lesson from before the Workbench; read as far as it goes',
    )
  }
  let episodes = [...new Set(listed('episodes', folder))]
  if (episodes.length === 0) {
    episodes = inFolder(folder)
    if (episodes.length > 0)
      report.approximated(configFile, 1, 'order of episodes', 'none is given; sorted by name')
  }
  if (episodes.length === 0) {
    throw new CourseError(
      { file: configFile, line: config.lineOf(['episodes']) },
      'There is no episode.',
      'Put at least one Markdown file into episodes/.',
    )
  }
  for (const path of inFolder(folder)) {
    if (!episodes.includes(path)) report.dropped(path, 1, 'page', `${configFile} does not list it`)
  }
  const learners = [...new Set(listed('learners', 'learners/'))]
  const others = [...inFolder('learners/'), ...oldExtras(paths, folder)].sort(preparationFirst)
  if (learners.length > 0) {
    for (const path of others) {
      if (!learners.includes(path))
        report.dropped(path, 1, 'page', `${configFile} does not list it`)
    }
  }
  return { episodes, learners: learners.length > 0 ? learners : others }
}

/** Without a list, what has to be done first comes first. */
const preparationFirst = (a: string, b: string) =>
  Number(stem(b) === 'setup') - Number(stem(a) === 'setup') || (a < b ? -1 : 1)

/** Where lessons before the Workbench had the pages that now are in `learners/`. */
const oldExtras = (paths: string[], folder: string) =>
  folder === '_episodes/'
    ? paths
        .filter((path) => /^(setup|reference|_extras\/(discuss|figures)|discuss)\.md$/.test(path))
        .sort()
    : []

/** A slug for each page: its file's name without number, made unique. */
export function slugsOf(pages: Pages): Map<string, string> {
  const names = new Names()
  const slugs = new Map<string, string>()
  for (const path of [...pages.episodes, ...pages.learners]) {
    const name = stem(path).replace(/^\d+[a-z]?[-_.\s]+/, '')
    slugs.set(path, names.take(addressOf(name, 'lesson')))
  }
  return slugs
}
