/** Text as HTML. `>` is escaped too, as strict validators ask. */
export const escapeText = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')

/** Spaces before a line's end, which editors and validators would strip, as references. */
export const keepTrailing = (html: string): string =>
  html.replace(/[ \t]+(?=\n|$)/g, (spaces) => spaces.replace(/ /g, '&#32;').replace(/\t/g, '&#9;'))
