import type { Files } from './files.ts'
import type { Report } from './report.ts'

const licences: [RegExp, string][] = [
  [/creativecommons\.org\/publicdomain\/zero|\bCC0\b/i, 'CC0 1.0'],
  [/CC[ -]BY-NC-SA[ -](\d\.\d)|licenses\/by-nc-sa\/(\d\.\d)/i, 'CC BY-NC-SA'],
  [/CC[ -]BY-NC-ND[ -](\d\.\d)|licenses\/by-nc-nd\/(\d\.\d)/i, 'CC BY-NC-ND'],
  [/CC[ -]BY-NC[ -](\d\.\d)|licenses\/by-nc\/(\d\.\d)/i, 'CC BY-NC'],
  [/CC[ -]BY-SA[ -](\d\.\d)|licenses\/by-sa\/(\d\.\d)/i, 'CC BY-SA'],
  [/CC[ -]BY[ -](\d\.\d)|licenses\/by\/(\d\.\d)/i, 'CC BY'],
  [/Apache License[\s\S]{0,40}2\.0/i, 'Apache-2.0'],
  [/MIT License/i, 'MIT'],
]

/** The licence as `config.yaml` names it, else as the licence file's text shows it. */
export function licenceOf(given: string, files: Files, report: Report): string {
  const path = files.firstOf(['LICENSE.md', 'LICENSE', 'LICENSE.txt', 'LICENCE.md', 'LICENCE'])
  const text = path ? files.text(path) : ''
  if (path) report.exact(path, 1, 'licence')
  if (given !== '') return given
  for (const [pattern, name] of licences) {
    const match = pattern.exec(text)
    if (!match || !path) continue
    report.approximated(path, 1, 'licence', 'config.yaml names none; recognised in this text')
    return [name, match[1] ?? match[2]].filter(Boolean).join(' ')
  }
  return ''
}

/** Whom to credit: what the author wrote, else the people in AUTHORS and how CITATION wants it cited. */
export function attributionOf(given: string, files: Files, report: Report): string {
  const authors = files.firstOf(['AUTHORS', 'AUTHORS.md', 'AUTHORS.txt'])
  const citation = files.firstOf(['CITATION', 'CITATION.md', 'CITATION.txt', 'CITATION.cff'])
  for (const path of [authors, citation]) {
    if (!path) continue
    files.use(path)
    report.exact(path, 1, 'attribution')
  }
  if (given !== '') return given
  const names = authors
    ? files
        .text(authors)
        .split('\n')
        .map((line) => line.replace(/^[-*#\s]+/, '').trim())
        .filter((line) => line !== '')
        .join(', ')
    : ''
  const cite =
    citation && !citation.endsWith('.cff') ? files.text(citation).replace(/\s+/g, ' ').trim() : ''
  if (citation?.endsWith('.cff')) {
    report.approximated(citation, 1, 'attribution', 'a CFF file is kept in the folder, not shown')
  }
  return [names, cite].filter(Boolean).join('\n')
}
