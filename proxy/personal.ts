import { fragmentHeaders, personalPageHeader } from '@colonnade/http'
import { errorPage } from './error-page.tsx'
import { splitLanguage } from './page-address.ts'
import { list, readMeta } from './piece.ts'
import { securityHeaders } from './security.ts'
import { shell } from './shell.tsx'
import type { Site } from './site.ts'

/**
 * Makes a whole document of a personal page's main part, as its service answered it. Cookies, status and redirects pass;
 * nothing may be kept by anybody. An error without a page of its own gets ours.
 */
export async function dress(
  response: Response,
  site: Site,
  url: URL,
  requestId: string,
): Promise<Response> {
  const { lang, path } = splitLanguage(url.pathname)
  const page = response.headers.get(personalPageHeader)
  if (page === null) {
    if (response.status < 400) return response
    await response.body?.cancel()
    const status = response.status === 404 ? 404 : response.status === 503 ? 503 : 500
    const error = errorPage(site, lang, status, requestId).toResponse()
    error.headers.set('X-Request-Id', requestId)
    return error
  }
  const html = shell({
    site,
    lang,
    path,
    query: '',
    page,
    meta: readMeta(response.headers.get(fragmentHeaders.meta)),
    assets: list(response.headers.get(fragmentHeaders.assets)),
    main: [await response.text()],
  })
  const headers = new Headers(response.headers)
  for (const name of [
    personalPageHeader,
    fragmentHeaders.meta,
    fragmentHeaders.assets,
    'Content-Length',
  ]) {
    headers.delete(name)
  }
  for (let i = 0; i + 1 < securityHeaders.length; i += 2) {
    headers.set(securityHeaders[i] ?? '', securityHeaders[i + 1] ?? '')
  }
  headers.set('Cache-Control', 'no-store')
  return new Response(html.join(''), { status: response.status, headers })
}
