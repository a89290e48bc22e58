import { defaultLanguage, renderHtml, translator } from '@colonnade/ui'
import { KitPage } from '@colonnade/ui/kit'
import { shell } from './shell.tsx'
import type { Site } from './site.ts'

/** Every component in every state, at `/kit`. */
export function kitDocument(site: Site): string[] {
  return shell({
    site,
    lang: defaultLanguage,
    path: '/kit',
    query: '',
    page: 'kit',
    meta: { title: 'Kit', noindex: true },
    assets: [],
    main: [renderHtml(<KitPage t={translator(defaultLanguage)} />)],
  })
}
