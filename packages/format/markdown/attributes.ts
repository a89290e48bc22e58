/** Attributes as Pandoc and kramdown write them: `{#id .class key="value"}`. */
export type Attributes = { id: string | null; classes: string[]; pairs: Map<string, string> }

const part =
  /\s*(?:#([^\s{}#.="'<>]+)|\.([^\s{}.="'<>#]+)|([A-Za-z_:@][\w:.@-]*)\s*=\s*(?:"((?:\\[\s\S]|[^"\\])*)"|'((?:\\[\s\S]|[^'\\])*)'|([^\s{}"'<>]+))|(-|=[a-z]+))/y

/**
 * Reads what stands between the braces; null when it is not a list of attributes. kramdown's leading
 * colon is allowed. A backslash in a quoted value escapes what follows.
 */
export function parseAttributes(inner: string): Attributes | null {
  const text = inner.replace(/^:/, '').trim()
  if (text === '') return null
  const found: Attributes = { id: null, classes: [], pairs: new Map() }
  part.lastIndex = 0
  while (part.lastIndex < text.length) {
    const match = part.exec(text)
    if (!match) return null
    const [, id, name, key, double, single, bare] = match
    if (id !== undefined) found.id ??= id
    else if (name !== undefined) found.classes.push(name)
    else if (key !== undefined) addPair(found, key, double ?? single ?? bare ?? '')
  }
  return found
}

function addPair(found: Attributes, key: string, raw: string): void {
  const value = raw.replace(/\\([^\w\s])/g, '$1').replace(/\s*\n\s*/g, ' ')
  if (key === 'id') found.id ??= value
  else if (key === 'class') found.classes.push(...value.split(/\s+/).filter(Boolean))
  else if (!found.pairs.has(key)) found.pairs.set(key, value)
}
