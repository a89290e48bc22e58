import { HtmlValidate } from 'html-validate'
import { expect, test } from 'vitest'
import { fetchText, lessonsOf, pages, samples } from './pages.ts'

const validate = new HtmlValidate({
  root: true,
  extends: ['html-validate:recommended'],
  rules: {
    // How the document is spelled is the renderer's, and means the same to every parser: `<!doctype`, `hrefLang`,
    // `<br/>`, `open=""`.
    'doctype-style': 'off',
    'attr-case': 'off',
    'void-style': 'off',
    'attribute-boolean-style': 'off',
    'attribute-empty-style': 'off',
    'no-trailing-whitespace': 'off',
    // A title is a course's or lesson's own; cutting it would serve nobody.
    'long-title': 'off',
  },
})

async function faultsOf(path: string): Promise<string[]> {
  const report = await validate.validateString(await fetchText(path))
  const found = report.results.flatMap(({ messages, source }) =>
    messages.map(({ ruleId, message, offset }) => {
      const around = source?.slice(Math.max(0, offset - 40), offset + 80) ?? ''
      return `${path}: ${ruleId}: ${message}: ${around}`
    }),
  )
  return [...new Set(found)].slice(0, 20)
}

test.each(Object.keys(pages))('%s is valid HTML', async (name) => {
  const path = await pages[name]?.()
  expect(await faultsOf(path ?? '')).toEqual([])
})

test.each(samples)('every lesson of %s is valid HTML', async (slug) => {
  const lessons = await lessonsOf(slug)
  expect(lessons.length).toBeGreaterThan(0)
  for (const path of lessons) expect(await faultsOf(path)).toEqual([])
})
