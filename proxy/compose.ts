import type { Language } from '@colonnade/ui'
import type { Fragments, Got } from './fragments.ts'
import { mergeMeta } from './meta.ts'
import type { Page } from './pages.ts'
import { Rendered } from './rendered.ts'
import { awaySection, shell } from './shell.tsx'
import type { Site } from './site.ts'

/** A page asked for: which one, for what, in which interface language. */
export type PageRequest = {
  page: Page
  params: Record<string, string>
  lang: Language
  /** Path without language prefix, and the query that counts. */
  path: string
  query: string
  /** What is known of the course from the route map: enough for a title when everything else is away. */
  known?: { title: string; language: string }
}

export type Composed =
  | { kind: 'page'; rendered: Rendered; freshUntil: number; current: boolean }
  | { kind: 'missing'; tags: readonly string[] }
  | { kind: 'moved'; location: string }
  | { kind: 'away' }

/** Pages that hold a copy or a placeholder are made again after this long, so that they heal by themselves. */
const healAfterMs = 250

/** Asks for all of a page's fragments at once and makes one document of what arrived in time. */
export async function compose(
  request: PageRequest,
  fragments: Fragments,
  site: Site,
  /** Whether the page will be sent again and again. */
  kept: boolean,
): Promise<Composed> {
  const got = await Promise.all(
    request.page.fragments.map((fragment) => fragments.get(fragment, request.params, request.lang)),
  )
  for (const { fragment, piece } of got) {
    if (!fragment.decides) continue
    if (!piece && !request.known) return { kind: 'away' }
    if (piece?.kind === 'missing') return { kind: 'missing', tags: piece.tags }
    if (piece?.kind === 'moved') return { kind: 'moved', location: piece.location }
  }
  const html = shell({
    site,
    lang: request.lang,
    path: request.path,
    query: request.query,
    page: request.page.name,
    meta: mergeMeta(
      got.map(({ piece }) => (piece && 'meta' in piece ? piece.meta : {})),
      request.known,
    ),
    assets: [...new Set(got.flatMap(({ piece }) => (piece?.kind === 'html' ? piece.assets : [])))],
    main: got.map((one) => section(one, request.lang)),
  })
  const whole = got.every(({ piece }) => piece !== undefined)
  const current = got.every((one) => one.current)
  const rendered = new Rendered({
    status: 200,
    html,
    tags: got.flatMap(({ piece }) => [...(piece?.tags ?? [])]),
    cacheControl: whole ? 'public, max-age=0, must-revalidate' : 'no-store',
    kept: kept && current,
    ...(request.path === '/' ? { headers: ['Vary', 'Accept-Language'] } : {}),
  })
  const freshUntil = current
    ? Math.min(...got.map((one) => one.freshUntil))
    : performance.now() + healAfterMs
  return { kind: 'page', rendered, freshUntil, current }
}

function section({ fragment, piece }: Got, lang: Language): string {
  if (!piece) return awaySection(fragment.spec.away, lang)
  return piece.kind === 'html' ? piece.html : ''
}
