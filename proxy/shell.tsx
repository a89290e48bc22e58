import type { PageMeta } from '@colonnade/http'
import {
  Away,
  awayText,
  defaultLanguage,
  Footer,
  Header,
  type Language,
  languages,
  localPath,
  renderHtml,
  SkipLink,
  translator,
} from '@colonnade/ui'
import type { Site } from './site.ts'

/** Everything around a page's sections. */
export type ShellInput = {
  site: Site
  lang: Language
  /** Path without language prefix, and the query that counts (with `?`, or empty). */
  path: string
  query: string
  page: string
  meta: PageMeta
  assets: readonly string[]
  /** HTML of the page's sections, in order. */
  main: readonly string[]
}

/** The complete document, in pieces: they are put together once, where it is sent from. */
export function shell(input: ShellInput): string[] {
  const { lang, main } = input
  const { before, after } = frame(input)
  return [
    `<!DOCTYPE html><html lang="${lang}">`,
    head(input),
    `<body>${before}<main id="main" tabindex="-1" class="page page-${input.page}">`,
    ...main,
    `</main>${after}</body></html>`,
  ]
}

function head({ site, lang, path, query, meta, assets }: ShellInput): string {
  const title = meta.title ? `${meta.title} · ${site.name}` : site.name
  const canonical = meta.canonical ?? path + query
  const styles = [...site.styles, ...assets.filter((asset) => asset.endsWith('.css'))]
  const scripts = assets.filter((asset) => asset.endsWith('.js'))
  return renderHtml(
    <head>
      <meta charSet="utf-8" />
      <title>{title}</title>
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      {meta.description ? <meta name="description" content={meta.description} /> : null}
      {meta.noindex ? <meta name="robots" content="noindex" /> : null}
      <meta name="color-scheme" content="light dark" />
      {site.fonts.map((font) => (
        <link key={font} rel="preload" href={font} as="font" type="font/woff2" crossOrigin="" />
      ))}
      {styles.map((style) => (
        <link key={style} rel="stylesheet" href={style} />
      ))}
      {site.scripts.map((script) => (
        // Reading settings are applied before anything is painted.
        <script key={script} type="module" src={script} {...{ blocking: 'render' }} />
      ))}
      {scripts.map((script) => (
        <script key={script} type="module" src={script} />
      ))}
      <link rel="icon" href="/icon.svg" type="image/svg+xml" />
      <link rel="canonical" href={site.url + localPath(lang, canonical)} />
      {languages.map((other) => (
        <link
          key={other}
          rel="alternate"
          hrefLang={other}
          href={site.url + localPath(other, canonical)}
        />
      ))}
      <link rel="alternate" hrefLang="x-default" href={site.url + canonical} />
      <meta property="og:site_name" content={site.name} />
      <meta property="og:type" content="website" />
      <meta property="og:title" content={meta.title ?? site.name} />
      {meta.description ? <meta property="og:description" content={meta.description} /> : null}
      <meta property="og:url" content={site.url + localPath(lang, canonical)} />
      {meta.image ? (
        <meta property="og:image" content={new URL(meta.image, site.url).href} />
      ) : null}
      {meta.image ? <meta name="twitter:card" content="summary_large_image" /> : null}
      {meta.jsonLd ? (
        <script
          type="application/ld+json"
          // biome-ignore lint/security/noDangerouslySetInnerHtml: JSON with every < escaped, in a data block
          dangerouslySetInnerHTML={{
            __html: JSON.stringify(meta.jsonLd).replaceAll('<', '\\u003c'),
          }}
        />
      ) : null}
    </head>,
  )
}

type Frame = { before: string; after: string }

/** Stands for the address in a frame that is made once for all addresses of a page. */
const here = '/__here__'
const frames = new WeakMap<Site, Map<string, Frame>>()

/** The same on every address of a page, but for where the languages lead: made once, and only those filled in. */
function frame(input: ShellInput): Frame {
  const { site, lang, page, path, query } = input
  // Home spells its links out in a way of its own.
  if (path === '/') return makeFrame(input)
  const known = frames.get(site) ?? new Map<string, Frame>()
  frames.set(site, known)
  const made = known.get(`${lang} ${page}`) ?? makeFrame({ ...input, path: here, query: '' })
  known.set(`${lang} ${page}`, made)
  const address = escapeAttribute(path + query)
  // Given by a function: a `$` in an address must not be read as a pattern.
  return { ...made, before: made.before.replaceAll(here, () => address) }
}

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#x27;',
}
/** As React writes it. */
const escapeAttribute = (text: string) => text.replace(/[&<>"']/g, (sign) => escapes[sign] ?? sign)

function makeFrame({ site, lang, path, query, page }: ShellInput): Frame {
  const t = translator(lang)
  const home = localPath(lang, '/')
  const courses = localPath(lang, '/courses')
  const before = renderHtml(
    <>
      <SkipLink t={t} />
      <Header
        t={t}
        site={{ name: site.name, href: home, mark: site.mark }}
        nav={[{ label: t.t('shell.courses'), href: courses, current: page === 'catalogue' }]}
        search={page === 'home' || page === 'catalogue' ? undefined : { action: courses }}
        account={localPath(lang, '/account')}
        mine={localPath(lang, '/my')}
        languages={languages.map((other) => ({
          lang: other,
          name: translator(other).languageName(other),
          href: languageLink(other, path, query),
          current: other === lang,
        }))}
      />
    </>,
  )
  const after = renderHtml(
    <Footer t={t} site={{ name: site.name, href: home }} legal={site.legal} />,
  )
  return { before, after }
}

/** At `/` the browser's own language would win again, so the choice of English is spelled out there. */
function languageLink(lang: Language, path: string, query: string): string {
  if (path === '/' && lang === defaultLanguage) return `/?lang=${lang}`
  return localPath(lang, path) + query
}

/** A section that is away: of the same height, with one calm sentence. */
export function awaySection(away: { message: string; height: number }, lang: Language): string {
  const text = awayText(translator(lang), away.message.replace(/^away\./, ''))
  return renderHtml(<Away text={text} height={away.height} />)
}
