import { HtmlValidate } from 'html-validate'
import { expect, test } from 'vitest'
import { fetchText, pages } from './pages.ts'

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

test.each(Object.keys(pages))('%s is valid HTML', async (name) => {
  const path = await pages[name]?.()
  const report = await validate.validateString(await fetchText(path ?? ''))
  const found = report.results.flatMap(({ messages, source }) =>
    messages.map(({ ruleId, message, offset }) => {
      const around = source?.slice(Math.max(0, offset - 40), offset + 80) ?? ''
      return `${ruleId}: ${message}: ${around}`
    }),
  )
  expect([...new Set(found)].slice(0, 20)).toEqual([])
})
