import type { ServiceDefinition } from '@colonnade/http'

const escape = (text: string) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`)

/** The front door of a service served alone: its fragments, each with a form that asks for it. */
export function showFragments(
  definitions: readonly ServiceDefinition[],
  styles: readonly string[],
): Response {
  const sections = definitions.map(({ name, fragments }) => {
    const forms = Object.entries(fragments).map(([fragment, spec]) => {
      const inputs = spec.params.map(
        (param) => `<p><label>${escape(param)} <input name="${escape(param)}"></label></p>`,
      )
      return `<section><h3>${escape(fragment)}</h3><form action="/fragments/${name}/${fragment}">${inputs.join('')}<p><button type="submit">Show ${escape(fragment)}</button></p></form></section>`
    })
    return `<section><h2>${escape(name)}</h2>${forms.join('') || '<p>This service has no fragments.</p>'}</section>`
  })
  const links = styles.map((href) => `<link rel="stylesheet" href="${href}">`).join('')
  return new Response(
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escape(definitions.map(({ name }) => name).join(', '))}</title><meta name="viewport" content="width=device-width, initial-scale=1">${links}</head><body><main class="wrap"><h1>Services here</h1>${sections.join('')}</main></body></html>`,
    {
      headers: {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Security-Policy':
          "default-src 'none'; style-src 'self'; font-src 'self'; form-action 'self'",
        'X-Content-Type-Options': 'nosniff',
      },
    },
  )
}
