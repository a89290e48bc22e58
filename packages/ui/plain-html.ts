/** What React writes in its own spelling; HTML has these names in small letters. SVG's own (`viewBox`) are not here. */
const reactNames = new Set(
  'charSet hrefLang crossOrigin maxLength minLength autoComplete dateTime srcSet colSpan rowSpan inputMode spellCheck enterKeyHint readOnly noValidate'.split(
    ' ',
  ),
)
const booleans = new Set(
  'checked open hidden disabled required readOnly selected noValidate'.split(' '),
)
const voids = new Set('area base br col embed hr img input link meta source track wbr'.split(' '))

// A whole tag; a `<` in text is always escaped, and a `>` within quotes does not end it.
const tag = /<([a-z][a-z0-9-]*)((?:\s+[^\s"'<>/=]+(?:="[^"]*")?)*)\s*(\/?)>/g
const mayDiffer = /[A-Z]|=""/
const attribute = /\s+([^\s"'<>/=]+)(="[^"]*")?/g

/**
 * HTML as people write it, from React's markup: attribute names in small letters, no value for what is only there or
 * not, no slash at the end of a void element. Text, and what stands in quotes, stays as it is.
 */
export function plainHtml(markup: string): string {
  return markup.replace(tag, (whole, name: string, attributes: string, slash: string) => {
    const isVoid = slash !== '' && voids.has(name)
    // Most tags are plain already; looking costs less than writing them again.
    if (!isVoid && !mayDiffer.test(attributes)) return whole
    const plain = attributes.replace(attribute, (__, key: string, value: string | undefined) => {
      const written = reactNames.has(key) ? key.toLowerCase() : key
      return value === undefined || (value === '=""' && booleans.has(key))
        ? ` ${written}`
        : ` ${written}${value}`
    })
    // Within SVG and MathML a slash ends the element; there it stays.
    return `<${name}${plain}${isVoid ? '' : slash}>`
  })
}
