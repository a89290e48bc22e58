import { defaultLanguage, type Language } from './translator.ts'

/** A path in an interface language: languages are addresses, and the default one has no prefix. */
export function localPath(lang: Language, path: string): string {
  if (lang === defaultLanguage) return path
  return path === '/' ? `/${lang}` : `/${lang}${path}`
}
