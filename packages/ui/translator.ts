import { createIntl, createIntlCache, type FormatNumberOptions } from '@formatjs/intl'
import { LRUCache } from 'lru-cache'
import en from './languages/en.json' with { type: 'json' }
import es from './languages/es.json' with { type: 'json' }

/** Every text of the product has one of these ids; `languages/en.json` is the list. */
export type MessageId = keyof typeof en

/** A language is a file: add `languages/<code>.json` and one line here. */
const catalogues = { en, es } satisfies Record<string, Record<MessageId, string>>

export type Language = keyof typeof catalogues

export const languages: readonly Language[] = ['en', 'es']
export const defaultLanguage: Language = 'en'

export type MessageValues = Record<string, string | number | Date>

export interface Translator {
  readonly lang: Language
  /** The text for `id` with its ICU placeholders filled in. */
  t(id: MessageId, values?: MessageValues): string
  number(value: number, options?: FormatNumberOptions): string
  /** A day, in words, in UTC: `4 May 2026`. */
  date(value: Date | string, options?: Intl.DateTimeFormatOptions): string
  /** Minutes as words: `45 min`, `1 h 5 min`, from ten hours on whole hours. */
  duration(minutes: number): string
  list(items: readonly string[]): string
  /** A language's name in this language: `Spanish`. */
  languageName(code: string): string
}

/** The available language that fits a BCP 47 tag or URL prefix, or null. */
export function findLanguage(tag: string): Language | null {
  const base = tag.toLowerCase().split('-')[0]
  return languages.find((language) => language === base) ?? null
}

const cache = new Map<Language, Translator>()
const intlCache = createIntlCache()

/** The translator of a language, made once per process. */
export function translator(lang: Language): Translator {
  const known = cache.get(lang)
  if (known) return known
  const made = make(lang)
  cache.set(lang, made)
  return made
}

function make(lang: Language): Translator {
  // Day before month in English too: the product is not American by default.
  const locale = lang === 'en' ? 'en-GB' : lang
  const intl = createIntl({ locale, messages: catalogues[lang], onError: fail }, intlCache)
  const names = new Intl.DisplayNames([locale], { type: 'language', fallback: 'code' })
  const plain = new Map<MessageId, string>()
  const filled = remembering(
    (id: MessageId, values: MessageValues) => id + JSON.stringify(values),
    (id, values) => intl.formatMessage({ id }, values),
  )
  const t = (id: MessageId, values?: MessageValues) => {
    if (values) return filled(id, values)
    const text = plain.get(id) ?? intl.formatMessage({ id })
    plain.set(id, text)
    return text
  }
  return {
    lang,
    t,
    number: remembering(
      (value: number, options?: FormatNumberOptions) =>
        `${value}${options ? JSON.stringify(options) : ''}`,
      (value, options) => intl.formatNumber(value, options),
    ),
    date: remembering(
      (value: Date | string, options?: Intl.DateTimeFormatOptions) =>
        `${Number(new Date(value))}${options ? JSON.stringify(options) : ''}`,
      (value, options) =>
        intl.formatDate(value, { dateStyle: 'long', timeZone: 'UTC', ...options }),
    ),
    duration: (minutes) => duration(t, minutes),
    list: remembering(
      (items: readonly string[]) => JSON.stringify(items),
      (items) => intl.formatList(items, { type: 'conjunction' }),
    ),
    languageName: remembering(
      (code: string) => code,
      (code) => nameOf(names, code),
    ),
  }
}

/** The same few texts are asked for again and again; making one costs fifty times what finding it does. */
function remembering<Given extends unknown[]>(
  keyOf: (...given: Given) => string,
  make: (...given: Given) => string,
): (...given: Given) => string {
  const known = new LRUCache<string, string>({ max: 2000 })
  return (...given) => {
    const key = keyOf(...given)
    let text = known.get(key)
    if (text === undefined) {
      text = make(...given)
      known.set(key, text)
    }
    return text
  }
}

function nameOf(names: Intl.DisplayNames, code: string): string {
  try {
    return names.of(code) ?? code
  } catch {
    return code
  }
}

function fail(error: Error): never {
  throw error
}

function duration(t: Translator['t'], minutes: number): string {
  const whole = minutes > 0 ? Math.round(minutes) : 0
  if (whole < 60) return t('duration.minutes', { minutes: whole })
  const hours = Math.floor(whole / 60)
  const rest = whole % 60
  if (rest === 0) return t('duration.hours', { hours })
  if (hours >= 10) return t('duration.hours', { hours: Math.round(whole / 60) })
  return t('duration.hoursMinutes', { hours, minutes: rest })
}
