import type { PageReport } from '../report.ts'
import type { Words } from '../words.ts'

/** What the steps from Markdown to a tree need to know of the page they work on. */
export type MarkdownPage = {
  report: PageReport
  words: Words
  /** R Markdown, whose chunks would have been run. */
  rmd: boolean
}
