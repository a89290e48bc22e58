import axe from 'axe-core'
import { expect, test } from 'vitest'
import { browserForFile } from './browser.ts'
import { lessonsOf, samples } from './pages.ts'

const openTab = browserForFile()

test.each(
  samples.flatMap((slug) =>
    [320, 1280].flatMap((width) =>
      (['light', 'dark'] as const).map((theme) => ({ slug, width, theme })),
    ),
  ),
)('every lesson of $slug at $width px, $theme', async ({ slug, width, theme }) => {
  const { page, complaints, close } = await openTab({
    viewport: { width, height: 800 },
    colorScheme: theme,
  })
  const found: string[] = []
  for (const path of await lessonsOf(slug)) {
    await page.goto(path)
    await page.evaluate(axe.source)
    const { violations } = await page.evaluate(() => window.axe.run(document))
    for (const { id, nodes } of violations) {
      found.push(`${path}: ${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
    }
    const wide = await page.evaluate(() => document.documentElement.scrollWidth)
    if (wide > width) found.push(`${path}: ${wide} px wide`)
  }
  expect([...found, ...complaints]).toEqual([])
  await close()
})
