import { defaultLanguage, type Language } from '@colonnade/ui'

/** Lets links of published HTML to this site's courses stay in the interface language. */
export function localiseLinks(html: string, lang: Language): string {
  if (lang === defaultLanguage) return html
  // Only within tags: in text the quotation mark would follow no attribute name of a link.
  return html.replace(
    /(<a\b[^<>]*?\shref=")(\/learn\/[^"/]+(?:\/lessons\/[^"]*)?")/g,
    `$1/${lang}$2`,
  )
}
