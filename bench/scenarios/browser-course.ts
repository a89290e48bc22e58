import type { BrowserContext, Page } from 'playwright-core'

export type Fetched = {
  url: string
  kind: 'document' | 'script' | 'style' | 'font' | 'image' | 'other'
  bytes: number
}
export type Shift = { value: number; nodes: string[] }

/** Lighthouse's slow phone line. */
export const slowLine = { megabits: 1.6, latency: 150 }

/** Slow enough that what comes one after the other can be seen to do so. */
export async function slowDown(context: BrowserContext, page: Page): Promise<void> {
  const devtools = await context.newCDPSession(page)
  await devtools.send('Network.enable')
  const { megabits, latency } = slowLine
  const speed = (megabits * 1024 * 1024) / 8
  await devtools.send('Network.emulateNetworkConditions', {
    ...{ offline: false, latency, downloadThroughput: speed, uploadThroughput: speed },
  })
}

/** Keeps what moved from before the first byte on; runs in the page. */
export async function watchShifts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const shifts: Shift[] = []
    Reflect.set(window, 'benchShifts', shifts)
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        // lib.dom does not know layout-shift (Layout Instability, WICG).
        const shift = entry as PerformanceEntry & {
          value: number
          hadRecentInput: boolean
          sources: { node?: Node }[]
        }
        if (shift.hadRecentInput) continue
        const nodes = shift.sources.map(({ node }) =>
          node instanceof Element ? `${node.localName}.${node.className}` : String(node?.nodeName),
        )
        shifts.push({ value: shift.value, nodes })
      }
    }).observe({ type: 'layout-shift', buffered: true })
  })
}

export async function readShifts(page: Page): Promise<Shift[]> {
  return await page.evaluate((): Shift[] => Reflect.get(window, 'benchShifts'))
}

/** Everything the browser fetched for the page, with bytes as sent: compressed bodies without headers. */
export async function listFetched(page: Page): Promise<Fetched[]> {
  const entries = await page.evaluate(() =>
    [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
      .filter(
        (entry): entry is PerformanceResourceTiming => entry instanceof PerformanceResourceTiming,
      )
      .map(({ name, initiatorType, encodedBodySize }) => ({
        name,
        initiatorType,
        encodedBodySize,
      })),
  )
  return entries.map(({ name, initiatorType, encodedBodySize }) => ({
    url: name,
    kind: kindOf(new URL(name).pathname, initiatorType),
    bytes: encodedBodySize,
  }))
}

function kindOf(path: string, initiator: string): Fetched['kind'] {
  if (initiator === 'navigation') return 'document'
  if (/\.m?js$/.test(path)) return 'script'
  if (path.endsWith('.css')) return 'style'
  if (/\.woff2?$/.test(path)) return 'font'
  if (/\.(svg|png|jpe?g|webp|avif|gif|ico)$/.test(path) || initiator === 'img') return 'image'
  return 'other'
}

/** Scrolls to the end in steps, as a reader would, so that what loads late has loaded. */
export async function readToTheEnd(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle')
  await page.evaluate(async () => {
    for (let y = 0; y < document.documentElement.scrollHeight; y += 400) {
      window.scrollTo(0, y)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    await document.fonts.ready
  })
  await page.waitForLoadState('networkidle')
}
