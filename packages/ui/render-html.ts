import type { ReactNode } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { plainHtml } from './plain-html.ts'

/** Elements as HTML the way people write it: what every fragment and every page is made with. */
export const renderHtml = (node: ReactNode): string => plainHtml(renderToStaticMarkup(node))
