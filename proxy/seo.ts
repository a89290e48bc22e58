import { languages, localPath } from '@colonnade/ui'

const xml = (text: string) =>
  text.replace(/[<>&'"]/g, (character) => `&#${character.charCodeAt(0)};`)

/** The protocol allows 50,000 addresses a file (sitemaps.org); each course has one in each language. */
const coursesPerFile = Math.floor(50_000 / languages.length)

/**
 * `sitemap.xml`: every course in every interface language, each naming the others. A large catalogue gets an index
 * of files, `sitemap.xml?page=N`.
 */
export function sitemap(origin: string, slugs: readonly string[], page?: number): string {
  const files = Math.ceil(slugs.length / coursesPerFile)
  const header = '<?xml version="1.0" encoding="UTF-8"?>'
  if (page === undefined && files > 1) {
    const entries = Array.from(
      { length: files },
      (_, i) => `<sitemap><loc>${xml(`${origin}/sitemap.xml?page=${i + 1}`)}</loc></sitemap>`,
    )
    return `${header}<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${entries.join('')}</sitemapindex>`
  }
  const start = ((page ?? 1) - 1) * coursesPerFile
  const paths = slugs
    .slice(start, start + coursesPerFile)
    .map((slug) => `/learn/${encodeURIComponent(slug)}`)
  const all = page === undefined || page === 1 ? ['/', '/courses', ...paths] : paths
  return `${header}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">${all.map((path) => entry(origin, path)).join('')}</urlset>`
}

function entry(origin: string, path: string): string {
  const alternates = languages
    .map(
      (lang) =>
        `<xhtml:link rel="alternate" hreflang="${lang}" href="${xml(origin + localPath(lang, path))}"/>`,
    )
    .join('')
  return languages
    .map((lang) => `<url><loc>${xml(origin + localPath(lang, path))}</loc>${alternates}</url>`)
    .join('')
}

/** `robots.txt`: everything but searches and the interface for programs. */
export const robots = (origin: string) =>
  `User-agent: *\nDisallow: /api/\nDisallow: /*?q=\nDisallow: /*&q=\nSitemap: ${origin}/sitemap.xml\n`
