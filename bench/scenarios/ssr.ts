import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { openBrowser } from '@colonnade/testing/browser'
import type { Browser, BrowserContext } from 'playwright-core'
import { z } from 'zod'
import type { BareAnswer } from '../bare.ts'
import { startBare } from '../children.ts'
import type { Installation } from '../installation.ts'
import { type Bench, median, type Scenario, told } from '../scenario.ts'
import { slowDown, slowLine } from './browser-course.ts'

const teachers = z.array(z.object({ lastName: z.string() })).min(1)
type Visit = { first: number; again: number }
type Side = { name: string; address: string; visits: Visit[] }

/** Until the instructor's name is seen: a page made by the server, and one that its own script makes in the browser. */
export const serverSideRendering: Scenario = {
  name: 'ssr',
  about: 'time until the instructor’s name is visible: server-side, and fetched by the browser',
  async run(bench: Bench) {
    const installation = await bench.installation()
    const { url, course, address } = installation
    const files = peerFiles(bench.root, course.id)
    const peer = await startBare(bench.root, bench.cleanup, { kind: 'site', files, api: address })
    const name = await nameOfTeacher(installation)
    const browser = await openBrowser()
    bench.cleanup.add(() => browser.close())
    const ours = { name: 'made by the server', address: `${url}/learn/${course.slug}` }
    const theirs = {
      name: 'made by the browser',
      address: `http://127.0.0.1:${peer.address.port}/`,
    }
    const sides: [Side, Side] = [
      { ...ours, visits: [] },
      { ...theirs, visits: [] },
    ]
    for (let round = 1; round <= (bench.quick ? 1 : 5); round++) {
      for (const side of sides) {
        const visit = await visitTwice(browser, side.address, name)
        side.visits.push(visit)
        bench.say(`  ${side.name}: ${millis(visit.first)}, again ${millis(visit.again)}`)
      }
    }
    await browser.close()
    await peer.end()
    const of = (side: Side, key: keyof Visit) => median(side.visits.map((visit) => visit[key]))
    const [server, client] = sides
    const line = `${slowLine.megabits} Mbit/s, ${slowLine.latency} ms`
    return {
      figures: [
        told(
          `Instructor’s name visible, ${line}: made by the server; by the browser`,
          millis(of(server, 'first')),
          millis(of(client, 'first')),
        ),
        told(
          '  a second visit, with what the browser kept',
          millis(of(server, 'again')),
          millis(of(client, 'again')),
        ),
      ],
      plots: [
        {
          kind: 'bars' as const,
          title: `Milliseconds until the instructor’s name is visible (${line})`,
          bars: (['first', 'again'] as const).flatMap((key) =>
            sides.map((side) => ({
              label: `${side.name}${key === 'again' ? ', again' : ''}`,
              value: of(side, key),
              ours: side === server,
            })),
          ),
        },
      ],
      details: { name, sides },
    }
  },
}

const millis = (value: number) => `${value.toFixed(0)} ms`

async function nameOfTeacher({ url, course }: Installation): Promise<string> {
  const answer = await fetch(`${url}/api/courses/${course.id}/instructors`)
  const [first] = teachers.parse(await answer.json())
  return first?.lastName ?? ''
}

/** The peer is given what helps it: one small script, compressed and kept for ever, styles in the page, no fonts. */
function peerFiles(root: string, course: number): Map<string, BareAnswer> {
  const script = readFileSync(join(root, 'dist/bench/client/page.js'))
  const html =
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Course</title>' +
    '<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">' +
    '<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:auto;padding:1rem}</style>' +
    '<script type="module" src="/page.js"></script></head>' +
    `<body data-course="${course}"><div id="page"></div></body></html>`
  const compressed = (body: Buffer, ...headers: string[]): BareAnswer => {
    const encoded = brotliCompressSync(body)
    const length = ['Content-Length', String(encoded.length)]
    return {
      status: 200,
      headers: [...headers, 'Content-Encoding', 'br', ...length],
      body: encoded,
    }
  }
  return new Map([
    [
      '/',
      compressed(
        Buffer.from(html),
        ...['Content-Type', 'text/html; charset=utf-8', 'Cache-Control', 'no-cache'],
      ),
    ],
    [
      '/page.js',
      compressed(
        script,
        ...['Content-Type', 'text/javascript'],
        ...['Cache-Control', 'public, max-age=31536000, immutable'],
      ),
    ],
  ])
}

async function visitTwice(browser: Browser, address: string, name: string): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  const first = await visit(context, address, name)
  const again = await visit(context, address, name)
  await context.close()
  return { first, again }
}

/** Milliseconds from the navigation's start until the name stands in the window, painted. */
async function visit(context: BrowserContext, address: string, name: string): Promise<number> {
  const page = await context.newPage()
  await slowDown(context, page)
  await page.addInitScript((wanted: string) => {
    const seen = () => {
      const query = `//body//*[not(self::script)][text()[contains(., "${wanted}")]]`
      const found = document.evaluate(query, document, null, XPathResult.ORDERED_NODE_ITERATOR_TYPE)
      for (let node = found.iterateNext(); node; node = found.iterateNext()) {
        if (!(node instanceof Element)) continue
        const { width, top, bottom } = node.getBoundingClientRect()
        if (width > 0 && bottom > 0 && top < innerHeight) return true
      }
      return false
    }
    // Frames come only when the browser paints: what waits for a style sheet is not seen yet.
    const look = () => {
      const painted = performance.getEntriesByName('first-contentful-paint')[0]
      if (document.body && painted && seen()) Reflect.set(window, 'benchSeen', performance.now())
      else requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  }, name)
  await page.goto(address, { waitUntil: 'commit' })
  await page.waitForFunction(() => Reflect.get(window, 'benchSeen') !== undefined)
  const at = await page.evaluate((): number => Reflect.get(window, 'benchSeen'))
  await page.waitForLoadState('networkidle')
  await page.close()
  return at
}
