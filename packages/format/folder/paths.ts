import { CourseError } from '../errors.ts'

const mostFiles = 5000
const mostBytes = 512 * 1024 * 1024

/** What one folder or archive may hold. */
export const limits = {
  files: mostFiles,
  bytes: mostBytes,
  fileBytes: 128 * 1024 * 1024,
  ratio: 200,
} as const

/** Files and folders that version control and operating systems leave lying about. */
export const isIgnored = (path: string): boolean =>
  path
    .split('/')
    .some((part) => ['.git', 'node_modules', '__MACOSX', '.DS_Store', 'Thumbs.db'].includes(part))

/** A path as the reader uses it; a CourseError for one that leads out of the folder. */
export function safePath(path: string): string {
  const normal = path.normalize('NFC')
  const parts = normal.split('/')
  const bad =
    normal === '' ||
    /[\\\p{Cc}]/u.test(normal) ||
    /^[A-Za-z]:/.test(normal) ||
    parts.some((part) => part === '' || part === '.' || part === '..')
  if (!bad && normal.length <= 500 && normal.isWellFormed()) return normal
  throw new CourseError(
    {
      file:
        normal
          .toWellFormed()
          .replace(/\p{Cc}/gu, '?')
          .slice(0, 120) || '(no name)',
    },
    'The path is not one inside the folder.',
    'Use relative paths with forward slashes and without “..”.',
  )
}

/** Throws when a folder holds more than `limits` says. */
export function checkSize(file: string, files: number, bytes: number): void {
  if (files <= limits.files && bytes <= limits.bytes) return
  const what = files > limits.files ? `more than ${limits.files} files` : 'more than 512 MiB'
  throw new CourseError(
    { file },
    `The course holds ${what}.`,
    'Take out what the course does not need.',
  )
}
