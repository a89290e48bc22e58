/** A text's first sentence, or as much of its beginning as `most` characters hold, cut between words. */
export function shorten(text: string, most: number): string {
  const plain = text.replace(/\s+/g, ' ').trim()
  const [sentence = ''] = /^.{20,}?[.!?](?=\s|$)/u.exec(plain) ?? []
  if (sentence !== '' && sentence.length <= most) return sentence
  if (plain.length <= most) return plain
  const end = plain.lastIndexOf(' ', most - 1)
  return `${plain.slice(0, end > 0 ? end : most - 1)}…`
}
