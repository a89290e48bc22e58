import type { IncomingMessage } from 'node:http'
import { defaultLanguage, findLanguage, type Language, languages } from '@colonnade/ui'
import type { Page } from './pages.ts'

/** Parameters longer than this are cut, where no fragment of the page says that it needs more. */
const longestParam = 200

/** The interface language an address names, and the address without it. */
export function splitLanguage(path: string): { lang: Language; path: string } {
  const end = path.indexOf('/', 1)
  const first = path.slice(1, end < 0 ? undefined : end)
  const lang = languages.find((known) => known === first && known !== defaultLanguage)
  if (!lang) return { lang: defaultLanguage, path }
  return { lang, path: end < 0 ? '/' : path.slice(end) || '/' }
}

/** Only what the page declares counts, in one order: unknown parameters never reach a cache key. */
export function countedQuery(page: Page, search: string): string {
  if (search === '') return ''
  const given = new URLSearchParams(search)
  const counted = new URLSearchParams()
  const longest = Math.max(longestParam, ...page.fragments.map(({ spec }) => spec.longest ?? 0))
  for (const name of page.params) {
    const value = given.get(name)?.slice(0, longest).toWellFormed()
    if (value) counted.set(name, value)
  }
  const query = counted.toString()
  return query === '' ? '' : `?${query}`
}

/** Whether the reader's languages choose the address. */
export const redirectsByLanguage = (req: IncomingMessage, url: string) =>
  req.headers['accept-language'] !== undefined && !/[?&]lang=/.test(url)

/** The first of the reader's languages that we have, by weight (RFC 9110, 12.5.4). */
export function preferredLanguage(accept: string | undefined): Language {
  const wanted = (accept ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...params] = part.trim().split(';')
      const weight = params.find((param) => param.trim().startsWith('q='))
      return { tag, weight: weight ? Number(weight.trim().slice(2)) : 1 }
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
  for (const { tag } of wanted) {
    const lang = findLanguage(tag)
    if (lang) return lang
  }
  return defaultLanguage
}

/** A path segment without its escapes; as it is when they are broken. */
export function safeDecode(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
