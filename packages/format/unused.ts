import type { Files } from './files.ts'
import type { Report } from './report.ts'

const reasons: [RegExp, string][] = [
  [/^instructors\//, 'pages for instructors are not shown to learners'],
  [
    /^(_extras|_includes|_layouts|bin|assets|_plugins|renv|site)\//,
    'it belongs to the tools the lesson was made with',
  ],
  [/^profiles\//, 'learner profiles are not shown'],
  [
    /^(README|CONTRIBUTING|CODE_OF_CONDUCT|FIXME|NEWS|CHANGELOG)(\.md|\.txt)?$/i,
    'it speaks about the repository, not the course',
  ],
  [/^\.|\/\./, 'it is a setting of some tool'],
  [
    /\.(odg|odp|pptx?|key|ai|psd|xcf|drawio|graffle)$/i,
    'the source of a picture; no page shows it',
  ],
  [/\.(md|rmd)$/i, 'no list of pages names it'],
]

/** Says of every file that had no use why it had none; whole tool folders take one line. */
export function reportUnused(files: Files, report: Report): void {
  for (const path of files.unused()) {
    const why = reasons.find(([pattern]) => pattern.test(path))?.[1]
    const folder = /^(renv|site|bin|assets|_[a-z]+|\.[^/]+)\//.exec(path)?.[0]
    report.dropped(folder ?? path, 1, folder ? 'folder' : 'file', why ?? 'no page uses it')
  }
}
