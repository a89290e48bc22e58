/**
 * Tells scripts of our pages that somebody is signed in, and nothing else: the session's own cookie is closed to them. So
 * the header asks for a name only where there is one.
 */
const hint = 'colonnade-signed-in'

/** What better-auth sets, and the hint beside it. */
export function withHint(headers: Headers): Headers {
  const cookies = setCookies(headers)
  cookies.append('Set-Cookie', `${hint}=1; Path=/; SameSite=Lax; Max-Age=${30 * 86_400}`)
  return cookies
}

/** The same, with the hint taken away. */
export function withoutHint(headers: Headers = new Headers()): Headers {
  const cookies = setCookies(headers)
  cookies.append('Set-Cookie', `${hint}=; Path=/; SameSite=Lax; Max-Age=0`)
  return cookies
}

function setCookies(headers: Headers): Headers {
  const cookies = new Headers()
  for (const cookie of headers.getSetCookie()) cookies.append('Set-Cookie', cookie)
  return cookies
}
