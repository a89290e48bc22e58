import type { IncomingMessage } from 'node:http'

/**
 * The first header of a name, read from the list as it came: for a page from the cache, making an object of all headers
 * costs more than all else we do.
 * @param name in small letters
 */
export function readHeader({ rawHeaders }: IncomingMessage, name: string): string | undefined {
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const given = rawHeaders[i] ?? ''
    if (given.length === name.length && given.toLowerCase() === name) return rawHeaders[i + 1]
  }
  return undefined
}
