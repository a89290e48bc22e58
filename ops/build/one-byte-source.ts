import type { Plugin } from 'vite'

/**
 * Letters beyond Latin-1 become escapes: one of them, in three megabytes of source, makes V8 hold all of it at two
 * bytes a letter, in every process. The last step, since what prints code undoes it.
 */
export const oneByteSource: Plugin = {
  name: 'one-byte-source',
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type === 'chunk') file.code = inOneByte(file.code)
    }
  },
}

/** Source that means the same; not within `String.raw`, which shows an escape as it is written. */
export const inOneByte = (source: string): string =>
  source.replace(
    /[^\0-\xff]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
