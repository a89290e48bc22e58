/**
 * Headers by which a service tells the proxy what an answer shows and what a write has changed, both as cache tags.
 * They end at the proxy.
 */
export const cacheHeaders = { tags: 'Cache-Tag', changed: 'Cache-Tag-Changed' } as const

/** What fits into the headers of an answer without endangering it. */
const longest = 4000

/** An answer that may be kept until one of the tags is invalidated; with more tags than fit it is not. */
export function tagsHeader(tags: readonly string[] = []): Record<string, string> {
  const text = tags.join(', ')
  return text === '' || text.length > longest ? {} : { [cacheHeaders.tags]: text }
}

/** The answer to a write: who reads through the same proxy next sees it. Tags that do not fit follow by event. */
export function changedHeader(tags: readonly string[] = []): Record<string, string> {
  let text = ''
  for (const tag of tags) {
    if (text.length + tag.length > longest) break
    text += text === '' ? tag : `, ${tag}`
  }
  return text === '' ? {} : { [cacheHeaders.changed]: text }
}

/** The tags in such a header. */
export function readTags(header: string | null | undefined): string[] {
  return (header ?? '')
    .split(',')
    .map((tag) => tag.trim())
    .filter(Boolean)
}
