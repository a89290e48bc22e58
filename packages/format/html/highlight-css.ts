import { tokenKinds } from './highlight.ts'

type Kind = (typeof tokenKinds)[number]

/** Colours of code, light and dark; a test holds each to 4.5:1 on the pages it may lie on. */
export const highlightColours: Record<Kind, { light: string; dark: string }> = {
  constant: { light: '#8a3b12', dark: '#f0b48f' },
  string: { light: '#0a655a', dark: '#63cdb8' },
  comment: { light: '#4c5b57', dark: '#a3b2ad' },
  keyword: { light: '#6b2a86', dark: '#d9a9f0' },
  parameter: { light: '#6a4225', dark: '#e9c49f' },
  function: { light: '#1d4f91', dark: '#9cc3f5' },
  'string-expression': { light: '#0a655a', dark: '#63cdb8' },
  punctuation: { light: '#3f4e4a', dark: '#bccac5' },
  link: { light: '#1d4f91', dark: '#9cc3f5' },
  inserted: { light: '#0a655a', dark: '#63cdb8' },
  deleted: { light: '#a3261b', dark: '#ff9a8c' },
  changed: { light: '#6a4225', dark: '#e9c49f' },
}

/** The style sheet for the `sh-*` classes in code: light, and dark by the system's or the page's choice. */
export function highlightCss(): string {
  const rules = (scheme: 'light' | 'dark', within: string) =>
    tokenKinds
      .map((kind) => `${within}.sh-${kind} { color: ${highlightColours[kind][scheme]}; }\n`)
      .join('')
  return [
    rules('light', ''),
    `@media (prefers-color-scheme: dark) {\n${rules('dark', ":root:not([data-theme='light']) ")}}\n`,
    rules('dark', "[data-theme='dark'] "),
  ].join('')
}
