import type axe from 'axe-core'

declare global {
  interface Window {
    /** There once its source was run in the page. */
    axe: typeof axe
  }
}
