import { encodeMeta, fragmentHeaders, problem, type ServiceDefinition } from '@colonnade/http'
import { defaultLanguage, findLanguage } from '@colonnade/ui'
import type { Fragments } from './fragments.ts'
import type { PlacedFragment } from './pages.ts'
import { securityHeaders } from './security.ts'

const fragmentPath = /^\/fragments\/([a-z][a-z0-9-]*)\/([a-z][a-z0-9-]*)$/

/**
 * One fragment as HTML, for what loads more in place: from the same cache, budget and last good copy as on a page.
 * Undefined when the address is none of a fragment.
 */
export async function answerFragment(
  services: readonly ServiceDefinition[],
  fragments: Fragments,
  url: URL,
): Promise<Response | undefined> {
  const fragment = placeOf(services, url.pathname)
  if (!fragment) return undefined
  const params = Object.fromEntries(
    fragment.spec.params.map((name) => [
      name,
      url.searchParams.get(name)?.slice(0, fragment.spec.longest ?? 200) ?? '',
    ]),
  )
  const lang = findLanguage(url.searchParams.get('lang') ?? '') ?? defaultLanguage
  const { piece } = await fragments.get(fragment, params, lang)
  if (!piece) return problem(503, 'This part is away for now. Try again in a moment.')
  if (piece.kind === 'missing') return problem(404, 'No such thing: check the address.')
  const headers = new Headers({
    [fragmentHeaders.name]: `${fragment.service}/${fragment.name}`,
    [fragmentHeaders.tags]: piece.tags.join(', '),
    'Cache-Control': 'public, max-age=0, must-revalidate',
    'X-Robots-Tag': 'noindex',
  })
  if (piece.kind === 'moved') {
    headers.set('Location', piece.location)
    return new Response(null, { status: 301, headers })
  }
  headers.set(fragmentHeaders.meta, encodeMeta(piece.meta))
  if (piece.kind === 'empty') return new Response(null, { status: 204, headers })
  headers.set(fragmentHeaders.assets, piece.assets.join(', '))
  headers.set('Content-Type', 'text/html; charset=utf-8')
  for (let i = 0; i + 1 < securityHeaders.length; i += 2) {
    headers.set(securityHeaders[i] ?? '', securityHeaders[i + 1] ?? '')
  }
  return new Response(piece.html, { headers })
}

function placeOf(services: readonly ServiceDefinition[], path: string): PlacedFragment | undefined {
  const [, service, name = ''] = fragmentPath.exec(path) ?? []
  const spec = services.find((one) => one.name === service)?.fragments[name]
  return service && spec
    ? { service, name, spec, place: 0, wide: false, decides: false }
    : undefined
}
