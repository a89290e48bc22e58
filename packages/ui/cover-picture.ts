import { createElement } from 'react'
import { ColonnadeCover, type ColonnadeModule } from './components/colonnade-cover.tsx'
import css from './elements/colonnade.module.css'
import { renderHtml } from './render-html.ts'
import type { Subject } from './subjects.ts'

/** The subjects' hues of the light theme, as in elements/tokens.css, for pictures that stand alone. */
export const hues: Record<Subject, { sky: string; deep: string }> = {
  computing: { sky: '#94c2f3', deep: '#2e5072' },
  data: { sky: '#77ced8', deep: '#05585f' },
  mathematics: { sky: '#beb4f1', deep: '#4e4670' },
  science: { sky: '#96cea1', deep: '#2f5838' },
  humanities: { sky: '#e9b089', deep: '#6a4225' },
  arts: { sky: '#f0a8a9', deep: '#6e3d3e' },
  business: { sky: '#cfbe7e', deep: '#594c1a' },
  teaching: { sky: '#e4a9cf', deep: '#663d59' },
}

/**
 * A course's cover as an SVG file of its own, colours included: for Open Graph pictures, and where a course has
 * no picture.
 * @param width,height in px; drawn at the scale of the cover on a shelf and enlarged
 */
export function coverPicture(
  modules: readonly ColonnadeModule[],
  subject: Subject,
  width = 1200,
  height = 630,
): string {
  const drawn = { width: 176, height: Math.round((17600 * height) / width) / 100 }
  const svg = renderHtml(createElement(ColonnadeCover, { modules, subject, ...drawn }))
  const { sky, deep } = hues[subject]
  const ink = '#14201e'
  const style = [
    `.${css.sky}{fill:${sky}}`,
    `.${css.stone}{fill:#fff;stroke:${ink};stroke-width:.8;stroke-linejoin:round}`,
    `.${css.neck}{fill:#fff}`,
    `.${css.line}{fill:none;stroke:${ink};stroke-width:.4}`,
    `.${css.ground}{fill:${deep}}`,
  ].join('')
  return svg
    .replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ')
    .replace(/ width="[^"]*" height="[^"]*"/, ` width="${width}" height="${height}"`)
    .replace('>', `><style>${style}</style>`)
}
