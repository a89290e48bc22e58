import type { Config } from './config.ts'
import type { Report } from './report.ts'
import type { levels, subjects } from './source.ts'

type Subject = (typeof subjects)[number]
type Level = (typeof levels)[number]

const hints: [RegExp, Subject][] = [
  [/\b(math|statistic|probabilit|algebra|geometry|calculus)/i, 'mathematics'],
  [/\b(genom|biolog|ecolog|chemi|physic|astronom|climate|bioinformatic)/i, 'science'],
  [/\b(history|humanit|linguistic|library|librar|text analysis)/i, 'humanities'],
  [/\b(teaching|instructor|pedagog|training|didactic)/i, 'teaching'],
  [
    /\b(database|sql|spreadsheet|openrefine|data (organi[sz]ation|cleaning|analysis|visuali[sz]ation))/i,
    'data',
  ],
]

/** The subject an author gave, else one guessed from the title and the keywords. */
export function subjectOf(
  given: Subject | null,
  config: Config,
  file: string,
  report: Report,
): Subject {
  if (given) return given
  const words = [config.title, ...config.keywords].join(', ')
  const guess = hints.find(([pattern]) => pattern.test(words))?.[1] ?? 'computing'
  report.approximated(file, 1, 'subject', `none is given; “${guess}” is assumed`)
  return guess
}

/** The level an author gave; most lessons of this format are for beginners. */
export function levelOf(given: Level | null, file: string, report: Report): Level {
  if (given) return given
  report.approximated(file, 1, 'level', 'none is given; “beginner” is assumed')
  return 'beginner'
}
