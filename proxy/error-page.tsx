import { ErrorPage, type Language, localPath, renderHtml, translator } from '@colonnade/ui'
import { Rendered } from './rendered.ts'
import { shell } from './shell.tsx'
import type { Site } from './site.ts'

const titles = { 404: 'error.404.title', 500: 'error.500.title', 503: 'error.503.title' } as const

/** A whole page that says what happened, what is safe and what to do. */
export function errorPage(
  site: Site,
  lang: Language,
  status: 404 | 500 | 503,
  requestId?: string,
): Rendered {
  const t = translator(lang)
  const main = renderHtml(
    <ErrorPage
      t={t}
      status={status}
      homeHref={localPath(lang, '/courses')}
      searchAction={localPath(lang, '/courses')}
      {...(requestId ? { requestId } : {})}
    />,
  )
  return new Rendered({
    status,
    html: shell({
      site,
      lang,
      path: '/',
      query: '',
      page: 'error',
      meta: { title: t.t(titles[status]), noindex: true },
      assets: [],
      main: [main],
    }),
    tags: [],
    cacheControl: 'no-store',
    kept: requestId === undefined,
    ...(status === 503 ? { headers: ['Retry-After', '2'] } : {}),
  })
}
