/** The text of a file, and what had to be done to read it; null when it is as it should be. */
export type Decoded = { text: string; repaired: string | null }

/**
 * Reads bytes as text: byte order marks go, line ends become `\n`, what is not UTF-8 is read as
 * Windows-1252, and what a database cannot hold (NUL, halves of surrogate pairs) is replaced.
 */
export function decodeText(bytes: Uint8Array): Decoded {
  const [encoding, repaired] = encodingOf(bytes)
  const raw =
    encoding === 'windows-1252' ? fromWindows(bytes) : new TextDecoder(encoding).decode(bytes)
  const text = cleanText(raw.replace(/\r\n?/g, '\n'))
  const zero = raw.includes('\0') ? 'NUL characters were replaced' : null
  return { text, repaired: repaired ?? zero }
}

function encodingOf(bytes: Uint8Array): [string, string | null] {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return ['utf-16le', 'it is UTF-16, not UTF-8']
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return ['utf-16be', 'it is UTF-16, not UTF-8']
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return ['utf-8', null]
  } catch {
    return ['windows-1252', 'it is not UTF-8; read as Windows-1252']
  }
}

/** What Windows-1252 has between 0x80 and 0x9F; Node 20's decoder takes it for Latin-1 there. */
const windows = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8DŽ\x8F\x90‘’“”•–—˜™š›œ\x9DžŸ'

function fromWindows(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('latin1')
    .replace(/[\u0080-\u009F]/g, (byte) => windows[byte.charCodeAt(0) - 0x80] ?? byte)
}

/** A string a database and a JSON document can hold. */
export const cleanText = (text: string): string => text.replaceAll('\0', '\uFFFD').toWellFormed()

/** `cleanText` for every string in a value made of arrays and plain objects. */
export function cleanDeep(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value)
  if (Array.isArray(value)) return value.map(cleanDeep)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, cleanDeep(one)]))
}
