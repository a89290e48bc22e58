/** Text of HTML that the reader's serializer wrote, with the few entities it writes; of formulas what is shown. */
export const plainText = (html: string): string =>
  html
    .replace(/<annotation\b[^>]*>[^<]*<\/annotation>/g, '')
    .replace(/<[^>]*>/g, '')
    .replace(/&#x3C;|&lt;/gi, '<')
    .replace(/&#x3E;|&gt;/gi, '>')
    .replace(/&#x26;|&amp;/gi, '&')
    .trim()
