/**
 * Whether a browser's request that changes something comes from a page of this site (CSRF). Browsers say so in
 * `Sec-Fetch-Site`; those that do not, and all over plain http, send `Origin` with every POST. Neither is not ours.
 * @param publicOrigin where the site is, such as `https://learn.example.org`; a proxy in front may change `Host`
 */
export function isSameOrigin(request: Request, publicOrigin: string): boolean {
  const site = request.headers.get('sec-fetch-site')
  if (site !== null) return site === 'same-origin'
  const origin = request.headers.get('origin')
  if (origin === null) return false
  if (origin === publicOrigin) return true
  try {
    return new URL(origin).host === request.headers.get('host')
  } catch {
    return false
  }
}

/** Where the site is, by the environment of its services: what `isSameOrigin` compares with. */
export const publicOriginOf = ({ COLONNADE_URL, PORT }: Record<string, string | undefined>) =>
  (COLONNADE_URL ?? `http://localhost:${PORT ?? 3000}`).replace(/\/+$/, '')

/** Methods that must change nothing (RFC 9110, 9.2.1). */
export const isSafe = (method: string) => /^(GET|HEAD|OPTIONS)$/.test(method)
