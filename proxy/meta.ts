import type { PageMeta } from '@colonnade/http'

/**
 * One page's metadata from what its fragments said: the first that names something wins, JSON-LD members are put
 * together. `known` fills in for a fragment that is away.
 */
export function mergeMeta(metas: readonly PageMeta[], known?: { title: string }): PageMeta {
  const merged: PageMeta = {}
  const jsonLd: Record<string, unknown> = {}
  for (const meta of metas) {
    merged.title ??= meta.title
    merged.description ??= meta.description
    merged.image ??= meta.image
    merged.canonical ??= meta.canonical
    merged.noindex ??= meta.noindex
    for (const [name, value] of Object.entries(meta.jsonLd ?? {})) jsonLd[name] ??= value
  }
  merged.title ??= known?.title
  if ('@type' in jsonLd) merged.jsonLd = { '@context': 'https://schema.org', ...jsonLd }
  return merged
}
