import type { PageReport } from './report.ts'
import { readYaml } from './yaml.ts'

/** A page's front matter, its body, and the line the body begins on. */
export type Page = {
  meta: Record<string, unknown>
  lineOf(key: string): number
  body: string
  bodyLine: number
}

/** Splits a page. Front matter that cannot be read is dropped and the body kept. */
export function splitPage(text: string, report: PageReport): Page {
  const match = /^---[ \t]*\n([\s\S]*?)\n?^(?:---|\.\.\.)[ \t]*$\n?/m.exec(text)
  const none = { meta: {}, lineOf: () => 1, body: text, bodyLine: 1 }
  if (match?.index !== 0) {
    report.approximated(1, 'front matter', 'there is none')
    return none
  }
  const body = text.slice(match[0].length)
  const bodyLine = match[0].split('\n').length
  const yaml = readYaml(match[1] ?? '', 2)
  if ('message' in yaml) {
    report.dropped(yaml.line, 'front matter', `it is not YAML: ${yaml.message}`)
    return { ...none, body, bodyLine }
  }
  const { value } = yaml
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    if (value !== null) report.dropped(1, 'front matter', 'it holds no keys')
    return { ...none, body, bodyLine }
  }
  return { meta: { ...value }, lineOf: (key) => yaml.lineOf([key]), body, bodyLine }
}

/** A value that is text, or a number written without quotes. */
export function textIn(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''
}

/** Minutes written as a number, or as a text that begins with one. */
export function minutesIn(value: unknown): number | null {
  const number = typeof value === 'string' ? Number.parseFloat(value) : value
  if (typeof number !== 'number' || !Number.isFinite(number) || number < 0) return null
  return Math.min(10_000, Math.round(number))
}
