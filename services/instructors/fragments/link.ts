import { defaultLanguage, type Language } from '@colonnade/ui'

/** A path in an interface language: the default one has no prefix. */
export const localPath = (lang: Language, path: string) =>
  lang === defaultLanguage ? path : `/${lang}${path}`
