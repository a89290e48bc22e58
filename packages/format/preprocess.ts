import type { PageReport } from './report.ts'

const root = /\{\{\s*(?:site\.(?:baseurl|url)|page\.root|relative_root_path|site\.root)\s*\}\}\/?/g
const linkTag = /\{%-?\s*link\s+([^\s%]+)\s*-?%\}/g
const ownLine = /^\s*\{%.*%\}\s*$/
const figureTag = /^\s*\{%\s*include\s+(?:figure|image)\.html\s+(.*?)\s*%\}\s*$/
const fence = /^[\s>]*(`{3,}|~{3,})/

/**
 * Replaces what Jekyll would have filled in, in lessons from before the Workbench: roots of addresses
 * and `{% link … %}`. Code is left alone; the number of lines stays.
 */
export function fillTemplates(body: string, firstLine: number, report: PageReport): string {
  if (!body.includes('{{') && !body.includes('{%')) return body
  let open = ''
  return body
    .split('\n')
    .map((line, at) => {
      const mark = fence.exec(line)?.[1]
      if (mark && (open === '' || (mark.startsWith(open) && /^[\s>]*[`~]+\s*$/.test(line)))) {
        open = open === '' ? mark : ''
        return line
      }
      if (open !== '') return line
      const number = firstLine + at
      const figure = figureTag.exec(line)
      if (figure) {
        report.approximated(number, 'template', 'a figure of Jekyll’s is read as a picture')
        return picture(figure[1] ?? '')
      }
      if (ownLine.test(line)) {
        report.dropped(number, 'template tag', `Jekyll is not run: ${line.trim().slice(0, 60)}`)
        return ''
      }
      const filled = outsideCode(line, (part) =>
        part
          .replace(root, '/')
          .replace(linkTag, (_, path: string) => `/${path.replace(/^\//, '')}`),
      )
      if (filled !== line)
        report.approximated(number, 'template', 'read as an address in the folder')
      return filled
    })
    .join('\n')
}

function picture(given: string): string {
  const of = (key: string) => new RegExp(`\\b${key}="([^"]*)"`).exec(given)?.[1] ?? ''
  const alt = of('alt').replace(/'/g, "\\'")
  return `![${of('caption')}](<${of('file') || of('src') || of('url')}>){alt='${alt}'}`
}

const outsideCode = (line: string, change: (part: string) => string): string =>
  line
    .split(/(`+[^`]*`+)/)
    .map((part, at) => (at % 2 === 0 ? change(part) : part))
    .join('')
