import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** What axe finds, with where; nothing is left out of its rules. */
export async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate(() => window.axe.run(document))
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => {
      return `${id}: ${help}: ${target.join(' ')}: ${failureSummary?.split('\n')[1]?.trim()}`
    }),
  )
}

/** What is wider than the window, outside of what scrolls by itself. */
export const overflowOf = async (page: Page): Promise<string[]> =>
  await page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement
    if (scrollWidth <= clientWidth) return []
    const wide = [...document.querySelectorAll('body *')].filter(
      (element) => element.getBoundingClientRect().right > clientWidth + 0.5,
    )
    return [
      `${scrollWidth} > ${clientWidth}`,
      ...wide.slice(-4).map(({ outerHTML }) => outerHTML.slice(0, 120)),
    ]
  })
