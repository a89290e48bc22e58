import { encodeMeta, fragmentHeaders } from './fragment.ts'
import type { PageMeta } from './service.ts'

/**
 * By this header a service says that its answer is the main part of a page of its own: the proxy sets it into the shell.
 * Its value is the page's name.
 */
export const personalPageHeader = 'Colonnade-Page'

/** A page made for one person: never kept by anybody, sent with the cookies and the status that the service chose. */
export type PersonalPage = {
  name: string
  html: string
  title: string
  status?: number
  assets?: readonly string[]
  headers?: Headers
}

/** The main part of a page that is in `ServiceDefinition.personal`. */
export function personalPage({
  name,
  html,
  title,
  status = 200,
  assets = [],
  headers,
}: PersonalPage) {
  const all = new Headers(headers)
  const meta: PageMeta = { title, noindex: true }
  all.set('Content-Type', 'text/html; charset=utf-8')
  all.set('Cache-Control', 'no-store')
  all.set(personalPageHeader, name)
  all.set(fragmentHeaders.meta, encodeMeta(meta))
  all.set(fragmentHeaders.assets, assets.join(', '))
  return new Response(html, { status, headers: all })
}

/** After a form: the browser reads the page at `location` with GET, so that reloading repeats nothing. */
export function seeOther(location: string, headers?: Headers): Response {
  const all = new Headers(headers)
  all.set('Location', location)
  all.set('Cache-Control', 'no-store')
  return new Response(null, { status: 303, headers: all })
}
