const allowed =
  /^(?:class|id|title|lang|dir|href|src|alt|cite|role|tabindex|scope|open|start|reversed|value|span|colspan|rowspan|datetime|aria-[a-z]+|data-(?:from|to|language|footnote-ref|footnote-backref|footnotes)|xmlns|display|encoding|[a-z]+)$/

const elements =
  /^(?:a|abbr|annotation|aside|b|bdi|bdo|blockquote|br|caption|cite|code|col|colgroup|dd|del|details|dfn|div|dl|dt|em|figcaption|figure|h[2-6]|hr|i|img|ins|kbd|li|mark|math|menclose|mfrac|mi|mmultiscripts|mn|mo|mover|mpadded|mphantom|mprescripts|mroot|mrow|ms|mspace|msqrt|mstyle|msub|msubsup|msup|mtable|mtd|mtext|mtr|mlabeledtr|munder|munderover|none|ol|p|pre|q|rp|rt|ruby|s|samp|section|semantics|small|source|span|strong|sub|summary|sup|table|tbody|td|tfoot|th|thead|time|tr|track|u|ul|var|video|video-player|wbr)$/

/**
 * For tests: what in serialised HTML could run or load something. It reads tags on its own, by the
 * rules a serialiser follows, so that it shares no mistake with the code that cleaned them.
 */
export function executableIn(html: string): string[] {
  const found: string[] = []
  for (const [, name = '', rest = ''] of html.matchAll(
    /<\/?([A-Za-z][^\s/>]*)((?:"[^"]*"|[^">])*)>?/g,
  )) {
    if (!elements.test(name)) found.push(`<${name}>`)
    for (const [, key = '', value = ''] of rest.matchAll(/([^\s"'<>/=]+)(?:="([^"]*)")?/g)) {
      if (/^on/i.test(key) || !allowed.test(key)) found.push(`${name} ${key}`)
      if (/^(?:style|srcdoc|srcset|formaction|action|name|target|background)$/i.test(key))
        found.push(key)
      const address = value.replace(/&#x([0-9A-Fa-f]+);/g, (_, hex: string) =>
        String.fromCodePoint(Number.parseInt(hex, 16)),
      )
      if (
        key === 'href' &&
        !/^(?:https?:|mailto:|tel:|lesson:|file:episodes|file:LICENSE|#|[^:]*$)/i.test(address)
      )
        found.push(`${key} ${address}`)
      if (key === 'src' && !/^(?:image|file):/.test(address)) found.push(`${key} ${address}`)
    }
  }
  if (/<[!?]/.test(html)) found.push('a declaration')
  return found
}
