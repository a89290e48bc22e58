import type { Config } from './config.ts'
import type { Report } from './report.ts'

const rightToLeft = new Set(['ar', 'arc', 'dv', 'fa', 'he', 'ku', 'ps', 'sd', 'ug', 'ur', 'yi'])

/** The course's language as a BCP 47 tag; English where none, or none that is valid, is given. */
export function languageOf(config: Config, file: string, report: Report): string {
  const given = config.lang.replaceAll('_', '-')
  const line = config.lineOf(['lang'])
  if (given === '') {
    report.approximated(file, line, 'language', 'none is given; English is assumed')
    return 'en'
  }
  try {
    return Intl.getCanonicalLocales(given)[0] ?? 'en'
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    report.approximated(
      file,
      line,
      'language',
      `“${given.slice(0, 40)}” is no language tag; English is assumed`,
    )
    return 'en'
  }
}

/** How the language is written. */
export const directionOf = (language: string): 'ltr' | 'rtl' =>
  rightToLeft.has(language.split('-')[0] ?? '') ? 'rtl' : 'ltr'
