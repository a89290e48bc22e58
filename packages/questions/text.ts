/** Compared are letters, not how they were typed: width, case and spaces make no difference. */
const plain = (text: string): string =>
  text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim()

/**
 * Whether a text is what a pattern describes. `*` stands for anything, also nothing; all else for itself. There is
 * no other sign, so that the work is at most the product of both lengths: no text can make it explode.
 */
export function matches(pattern: string, text: string): boolean {
  const wanted = plain(pattern)
  const given = plain(text)
  let at = 0
  let star = -1
  let retry = 0
  let next = 0
  while (at < given.length) {
    if (wanted[next] === '*') {
      star = next++
      retry = at
    } else if (wanted[next] === given[at]) {
      next++
      at++
    } else if (star >= 0) {
      next = star + 1
      at = ++retry
    } else return false
  }
  while (wanted[next] === '*') next++
  return next === wanted.length
}

/**
 * What number and unit a text may say. `1,000` is a thousand to some and one to others: both are read. A fraction
 * (`5/7`) is its value.
 * @returns no value when it is no number
 */
export function readNumber(text: string): { values: number[]; unit: string } {
  const match = /^([+-]?[\d.,\s]*\d(?:e[+-]?\d{1,3})?)(?:\s*\/\s*(\d{1,15}))?\s*(.*)$/i.exec(
    text.normalize('NFKC').replaceAll('−', '-').trim().slice(0, 100),
  )
  if (!match) return { values: [], unit: '' }
  const [, digits = '', below, unit = ''] = match
  const divisor = below === undefined ? 1 : Number(below)
  const values = readings(digits.replace(/\s/g, ''))
    .map((one) => Number(one) / divisor)
    .filter(Number.isFinite)
  return { values: [...new Set(values)], unit }
}

/** The ways to understand the points and commas of a number, with a point as its decimal sign. */
function readings(digits: string): string[] {
  const signs = digits.replace(/[^.,]/g, '')
  const decimal = signs.at(-1)
  if (decimal === undefined) return [digits]
  const grouped = digits.replaceAll(',', '').replaceAll('.', '')
  const other = decimal === '.' ? ',' : '.'
  const point = digits.replaceAll(other, '').replace(decimal, '.')
  // 1,234.5: the last sign is the decimal one; 1,234,567: there is none.
  if (signs.includes(other)) return [point]
  if (signs.length > 1) return [grouped]
  return /^[+-]?[1-9]\d{0,2}[.,]\d{3}$/.test(digits) ? [point, grouped] : [point]
}
