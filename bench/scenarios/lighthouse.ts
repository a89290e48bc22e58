import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { browserArguments, chromiumPath } from '@colonnade/testing/browser'
import { freePort } from '@colonnade/testing/free-port'
import lighthouse from 'lighthouse'

import { type Bench, judged, median, type Scenario } from '../scenario.ts'

const categories = ['performance', 'accessibility', 'best-practices', 'seo'] as const
type Scores = Record<(typeof categories)[number], number>
const targets: Scores = { performance: 95, accessibility: 100, 'best-practices': 100, seo: 100 }

/** Lighthouse's own judgement of a phone on a slow line; the median, because one run says little. */
export const lighthouseScores: Scenario = {
  name: 'lighthouse',
  about: 'Lighthouse 12, mobile, on course and lesson page',
  async run(bench: Bench) {
    const { url, course } = await bench.installation()
    const page = `${url}/learn/${course.slug}`
    const pages = [
      { name: 'course page', address: page },
      { name: 'lesson page', address: await firstLesson(url, page) },
    ]
    const results = []
    for (const { name, address } of pages) {
      const runs = []
      for (let i = 0; i < (bench.quick ? 1 : 3); i++) runs.push(await measure(bench, address))
      results.push({ name, address, runs })
    }
    return {
      figures: results.flatMap(({ name, runs }) => {
        const scores = categories.map((category) => ({
          category,
          score: median(runs.map((run) => run.scores[category])),
        }))
        const met = scores.every(({ category, score }) => score >= targets[category])
        const measured = scores.map(({ category, score }) => `${category} ${score}`).join(', ')
        const times = `median of ${runs.length}`
        return [
          judged(met, `Lighthouse 12, mobile, ${name} (${times})`, '≥ 95, others 100', measured),
        ]
      }),
      plots: [],
      details: results,
    }
  },
}

async function firstLesson(url: string, page: string): Promise<string> {
  const html = await (await fetch(page)).text()
  const path = /href="(\/learn\/[^"#?/]+\/lessons\/[^"#?]+)"/.exec(html)?.[1]
  if (!path) throw new Error('The course page links no lesson.')
  return url + path
}

/** One run in a browser of its own: nothing cached, nothing warm. */
async function measure(bench: Bench, address: string) {
  const chrome = await openChromium()
  bench.cleanup.add(chrome.close)
  try {
    const run = await lighthouse(address, {
      port: chrome.port,
      logLevel: 'error',
      onlyCategories: [...categories],
    })
    if (!run || run.lhr.runtimeError) {
      throw new Error(`Lighthouse: ${run?.lhr.runtimeError?.message ?? 'no result'}`)
    }
    const { lhr } = run
    const score = (category: string) => Math.round((lhr.categories[category]?.score ?? 0) * 100)
    const scores: Scores = {
      performance: score('performance'),
      accessibility: score('accessibility'),
      'best-practices': score('best-practices'),
      seo: score('seo'),
    }
    const failed = Object.values(lhr.audits)
      .filter((audit) => audit.score !== null && audit.score < 0.9)
      .map(({ id, score: reached, displayValue }) => ({ id, score: reached, displayValue }))
    bench.say(`  ${new URL(address).pathname}: ${JSON.stringify(scores)}`)
    return { scores, failed }
  } finally {
    await chrome.close()
  }
}

/** A browser that listens for Lighthouse, without what Playwright would turn off in it. */
async function openChromium(): Promise<{ port: number; close(): Promise<void> }> {
  const port = await freePort()
  const profile = mkdtempSync(join(tmpdir(), 'colonnade-lighthouse-'))
  const child = spawn(
    await chromiumPath(),
    [
      ...browserArguments,
      '--headless',
      `--remote-debugging-port=${port}`,
      `--user-data-dir=${profile}`,
    ],
    { stdio: 'ignore' },
  )
  const gone = once(child, 'exit')
  const close = async () => {
    child.kill('SIGKILL')
    await gone
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  }
  for (let tries = 0; tries < 200; tries++) {
    const answer = await fetch(`http://127.0.0.1:${port}/json/version`).catch(() => undefined)
    if (answer?.ok) return { port, close }
    await delay(50)
  }
  await close()
  throw new Error('The browser did not start.')
}
