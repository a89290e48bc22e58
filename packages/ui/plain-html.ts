/** What React writes in its own spelling; HTML has these names in small letters. SVG's own (`viewBox`) are not here. */
const reactNames =
  'charSet hrefLang crossOrigin maxLength minLength autoComplete dateTime srcSet colSpan rowSpan inputMode spellCheck enterKeyHint readOnly noValidate'.split(
    ' ',
  )
const booleans = new Set(
  'checked open hidden disabled required readOnly selected noValidate'.split(' '),
)
const voids = new Set('area base br col embed hr img input link meta source track wbr'.split(' '))

/** What a tag that is not plain yet has in it; few have, and only those are taken apart. */
const trigger = new RegExp(`\\s(?:${reactNames.join('|')})[=\\s/>]|=""|/>`, 'g')
// A whole tag; a `<` in text is always escaped, and a `>` within quotes does not end it.
const tag = /<([a-z][a-z0-9-]*)((?:\s+[^\s"'<>/=]+(?:="[^"]*")?)*)\s*(\/?)>/y
const attribute = /\s+([^\s"'<>/=]+)(="[^"]*")?/g

/**
 * HTML as people write it, from React's markup: attribute names in small letters, no value for what is only there or
 * not, no slash at the end of a void element. Text, and what stands in quotes, stays as it is.
 */
export function plainHtml(markup: string): string {
  let plain = ''
  let done = 0
  trigger.lastIndex = 0
  for (let hit = trigger.exec(markup); hit; hit = trigger.exec(markup)) {
    const found = tagAround(markup, hit.index, done)
    if (!found) continue
    plain += markup.slice(done, found.start) + plainTag(found.match)
    done = found.start + found.match[0].length
    trigger.lastIndex = done
  }
  return plain + markup.slice(done)
}

/** The outermost tag that a place is in: one that stands within another's quotes is text. */
function tagAround(markup: string, place: number, from: number) {
  let found: { start: number; match: RegExpExecArray } | undefined
  let start = markup.lastIndexOf('<', place)
  // Beyond the nearest, one more: quotes hold no quotes, so nothing stands deeper.
  for (let tries = 0; tries < 4 && start >= from; tries++) {
    tag.lastIndex = start
    const match = tag.exec(markup)
    if (match && start + match[0].length > place) found = { start, match }
    else if (found) break
    start = start === 0 ? -1 : markup.lastIndexOf('<', start - 1)
  }
  return found
}

function plainTag([, name = '', attributes = '', slash = '']: RegExpExecArray): string {
  const written = attributes.replace(attribute, (_, key: string, value: string | undefined) => {
    const small = reactNames.includes(key) ? key.toLowerCase() : key
    return value === undefined || (value === '=""' && booleans.has(key))
      ? ` ${small}`
      : ` ${small}${value}`
  })
  // Within SVG and MathML a slash ends the element; there it stays.
  return `<${name}${written}${voids.has(name) ? '' : slash}>`
}
