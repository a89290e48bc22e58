import { posix } from 'node:path'
import type { Files } from '../files.ts'
import type { Report } from '../report.ts'
import { type Cue, readCaptions } from './webvtt.ts'

export type Captions = { path: string; language: string; cues: Cue[] }

/** What lies beside a film of the folder. */
export type Film = { captions: Captions[]; poster: string | null }

/**
 * What belongs to a film by its name: `rows.mp4` has captions in `rows.es.vtt`, or `rows.vtt` in the course's language,
 * and its still in `rows.jpg`, `.png` or `.webp`.
 * @throws CourseError when captions cannot be read
 */
export function filmAt(path: string, files: Files, language: string, report: Report): Film {
  const name = path.replace(/\.[^./]+$/, '')
  const captions = files.paths
    .filter((one) => one.startsWith(`${name}.`) && one.toLowerCase().endsWith('.vtt'))
    .map((one) => ({
      path: one,
      language: posix.basename(one).slice(posix.basename(name).length + 1, -4) || language,
      cues: readCaptions(files.text(one), one),
    }))
    // The course's own language is on at first.
    .sort((a, b) => rank(a.language, language) - rank(b.language, language))
  for (const one of captions) report.exact(one.path, 1, 'captions')
  if (captions.length === 0) {
    report.approximated(path, 1, 'film', 'it has no captions: add them beside it as .vtt')
  }
  const poster = files.firstOf(['jpg', 'jpeg', 'png', 'webp'].map((end) => `${name}.${end}`))
  if (poster !== null) {
    files.use(poster)
    report.exact(poster, 1, 'still')
  }
  return { captions, poster }
}

const rank = (language: string, own: string) => (language === own ? 0 : 1)
