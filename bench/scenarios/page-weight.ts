import { openBrowser } from '@colonnade/testing/browser'
import type { Browser } from 'playwright-core'
import { browserHeaders, capture, headerOf } from '../http/capture.ts'
import { type Bench, judged, type Scenario } from '../scenario.ts'
import {
  type Fetched,
  listFetched,
  readShifts,
  readToTheEnd,
  type Shift,
  slowDown,
  watchShifts,
} from './browser-course.ts'

const kibibyte = 1024
const views = [
  { name: 'phone', width: 360, height: 740 },
  { name: 'desk', width: 1280, height: 900 },
]
/** What React leaves in any bundle, minified or not. */
const reactMarks = /react\.(transitional\.)?element|react-dom|__REACT_DEVTOOLS/

type View = { name: string; fetched: Fetched[]; shifts: Shift[] }

/** What a course page weighs in a real browser, and whether anything moves while it comes over a slow line. */
export const pageWeight: Scenario = {
  name: 'page-weight',
  about: 'what the course page weighs, and layout shift, in a real browser on a slow line',
  async run(bench: Bench) {
    const { url, course } = await bench.installation()
    const address = `${url}/learn/${course.slug}`
    const browser = await openBrowser()
    bench.cleanup.add(() => browser.close())
    const seen: View[] = []
    for (const view of views) seen.push(await look(browser, view, address))
    await browser.close()

    const heaviest = (kinds: readonly Fetched['kind'][]) =>
      Math.max(...seen.map(({ fetched }) => weigh(fetched, kinds)))
    const scripts = [
      ...new Set(seen.flatMap(({ fetched }) => fetched.filter(isScript).map((one) => one.url))),
    ]
    const read = await Promise.all(scripts.map(readScript))
    const js = heaviest(['script'])
    const all = heaviest(['document', 'script', 'style', 'font', 'other'])
    const shift = Math.max(
      ...seen.map(({ shifts }) => shifts.reduce((sum, { value }) => sum + value, 0)),
    )
    const react = read.filter(({ react }) => react).map(({ url }) => url)
    const plain = read.filter(({ encoding }) => encoding !== 'br').map(({ url }) => url)
    const size = (bytes: number) => `${(bytes / kibibyte).toFixed(1)} KiB`
    return {
      figures: [
        judged(
          js <= 20 * kibibyte && plain.length === 0,
          'JavaScript of the course page (br)',
          '≤ 20 KiB',
          size(js),
        ),
        judged(
          react.length === 0,
          '  React in it',
          'none',
          react.length === 0 ? 'none' : react.join(', '),
        ),
        judged(
          all <= 100 * kibibyte,
          'Course page in all, fonts included, without images',
          '≤ 100 KiB',
          size(all),
        ),
        judged(shift === 0, 'Layout shift, phone and desk', '0', shift.toFixed(4)),
      ],
      plots: [
        {
          kind: 'bars' as const,
          title: 'What the course page fetches, KiB as sent',
          bars: (['document', 'style', 'script', 'font', 'image'] as const).map((kind) => ({
            label: kind,
            value: heaviest([kind]) / kibibyte,
            ours: true,
          })),
        },
      ],
      details: { address, seen, react, plain },
    }
  },
}

/** Slow enough that fonts, styles and late parts come one after the other, where what jumps can be seen to jump. */
async function look(
  browser: Browser,
  view: (typeof views)[number],
  address: string,
): Promise<View> {
  const context = await browser.newContext({ viewport: view })
  const page = await context.newPage()
  await watchShifts(page)
  await slowDown(context, page)
  await page.goto(address, { waitUntil: 'load' })
  await readToTheEnd(page)
  const result = {
    name: view.name,
    fetched: await listFetched(page),
    shifts: await readShifts(page),
  }
  await context.close()
  return result
}

const isScript = ({ kind }: Fetched) => kind === 'script'

function weigh(fetched: readonly Fetched[], kinds: readonly Fetched['kind'][]): number {
  return fetched
    .filter(({ kind }) => kinds.includes(kind))
    .reduce((sum, { bytes }) => sum + bytes, 0)
}

async function readScript(
  url: string,
): Promise<{ url: string; react: boolean; encoding: string | undefined }> {
  const encoding = headerOf(await capture(url, browserHeaders), 'content-encoding')
  const text = await (await fetch(url)).text()
  return { url, encoding, react: reactMarks.test(text) }
}
