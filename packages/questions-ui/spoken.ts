import { plainText } from '@colonnade/ui'

const formula =
  /<math\b(?:(?!<\/math>)[\s\S])*?<annotation\b[^>]*>([^<]*)<\/annotation>[\s\S]*?<\/math>/g

/**
 * The words of a choice for those who do not see it; undefined where its text says them already. A label's name is made of
 * text, and what a formula shows is none: 1 over 6 would be read as 16. So formulas are told as their authors wrote them.
 */
export function spokenName(html: string): string | undefined {
  if (!html.includes('<math')) return undefined
  return plainText(html.replace(formula, (_, tex: string) => readable(tex)))
}

const readable = (tex: string) =>
  tex
    .replace(/\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}/g, '$1/$2')
    .replace(/\\(?:cdot|times)/g, '×')
    .replace(/\\(?:le|leq)\b/g, '≤')
    .replace(/\\(?:ge|geq)\b/g, '≥')
    .replace(/\\[,;:! ]/g, ' ')
    .replace(/\\([a-z]+)/gi, ' $1 ')
    .replace(/[{}\\]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
