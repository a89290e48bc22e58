import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '@colonnade/testing/free-port'
import { catalogue } from '@colonnade/watch'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { root } from '../root.ts'
import { eventually } from '../testing/colonnade.ts'
import { slug } from '../testing/course-page.ts'
import { installedDatabase } from '../testing/fixture.ts'
import { readPromql } from '../testing/promql.ts'
import { Trial } from '../testing/trial.ts'

const text = (path: string) => readFileSync(join(root, path), 'utf8')

const target = z.object({ expr: z.string(), legendFormat: z.string() })
const panel = z.object({
  id: z.number(),
  title: z.string(),
  type: z.string(),
  description: z.string().optional(),
  gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
  targets: z.array(target).default([]),
})
const dashboard = z
  .object({
    panels: z.array(panel),
    annotations: z.object({ list: z.array(z.object({ expr: z.string().optional() })) }),
    templating: z.object({
      list: z.array(z.object({ name: z.string(), definition: z.string().optional() })),
    }),
  })
  .parse(JSON.parse(text('ops/grafana/dashboard.json')))

const rules = z
  .object({
    groups: z.array(
      z.object({
        name: z.string(),
        rules: z.array(
          z.object({
            alert: z.string(),
            expr: z.string(),
            for: z.string().optional(),
            labels: z.object({ severity: z.enum(['page', 'ticket']) }),
            annotations: z.object({ summary: z.string().min(60) }),
          }),
        ),
      }),
    ),
  })
  .parse(parse(text('ops/grafana/alerts.yaml')))
  .groups.flatMap((group) => group.rules)

/** Expressions of the dashboard, Grafana's own parts in them made plain. */
const shown = [
  ...dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ title, expr }))),
  ...dashboard.annotations.list.flatMap(({ expr }) => (expr ? [{ title: 'starts', expr }] : [])),
]
const expressions = [...shown, ...rules.map(({ alert, expr }) => ({ title: alert, expr }))]

const trial = new Trial()
/** Where METRICS_PORT is. */
let ownPort: string
/** Every metric of a running installation, and the labels of its samples. */
const exported = new Map<string, Set<string>>()

beforeAll(async () => {
  const port = await freePort()
  const settings = trial.settings('watched', {
    DATABASE_URL: await installedDatabase(trial),
    METRICS_PORT: String(port),
  })
  const { url } = await trial.serve(['start'], settings)
  for (const path of [`/learn/${slug}`, '/api/courses', '/icon.svg', '/nowhere']) {
    await (await fetch(url + path)).arrayBuffer()
  }
  ownPort = `http://127.0.0.1:${port}`
  const metrics = await eventually(async () => {
    const text = await (await fetch(`${ownPort}/metrics`)).text()
    // Asking is work, and some day there is garbage to collect.
    if (!text.includes('nodejs_gc_duration_seconds_sum')) throw new Error('no garbage yet')
    return text
  })
  for (const [, name = ''] of metrics.matchAll(/^# HELP (\S+) ./gm)) exported.set(name, new Set())
  for (const [, sample = '', given = ''] of metrics.matchAll(/^([a-z]\w*)(?:\{(.*)\})? /gm)) {
    const name = exported.has(sample) ? sample : sample.replace(/_(bucket|sum|count)$/, '')
    const labels = exported.get(name)
    if (!labels) throw new Error(`${sample} has no HELP`)
    for (const [, label = ''] of given.matchAll(/(\w+)="/g)) labels.add(label)
    exported.set(sample, labels)
  }
  // What has no sample yet has the labels that it is declared with.
  for (const [name, { labels }] of Object.entries(catalogue)) {
    const known = exported.get(name)
    if (known?.size === 0) for (const label of labels) known.add(label)
  }
}, 120_000)

afterAll(() => trial.close())

/** What Prometheus adds to every sample. */
const byPrometheus = ['job', 'instance']

test.each(expressions)('$title asks for what is exported: $expr', ({ expr }) => {
  const uses = readPromql(expr)
  expect(uses.length).toBeGreaterThan(0)
  for (const { metric, labels } of uses) {
    if (metric === 'up') continue
    expect([...exported.keys()]).toContain(metric)
    expect([...(exported.get(metric) ?? []), ...byPrometheus]).toEqual(
      expect.arrayContaining([...labels]),
    )
  }
})

test('what a legend or a summary names is a label of its expression', () => {
  const legends = dashboard.panels.flatMap(({ targets }) =>
    targets.map(({ expr, legendFormat }) => ({
      expr,
      names: [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name),
    })),
  )
  const summaries = rules.map(({ expr, annotations }) => ({
    expr,
    names: [...annotations.summary.matchAll(/\$labels\.(\w+)/g)].map(([, name = '']) => name),
  }))
  for (const { expr, names } of [...legends, ...summaries]) {
    const grouped = readPromql(expr).flatMap(({ labels }) => [...labels])
    expect([...grouped, 'instance'], expr).toEqual(expect.arrayContaining(names))
  }
})

test('METRICS_PORT gives the figures without a token, and nothing else', async () => {
  const text = await (await fetch(`${ownPort}/metrics`)).text()
  expect(text).toContain(
    'colonnade_requests_total{service="proxy",route="/learn/:slug",status="2xx"}',
  )
  expect(text).toContain('route="fragment courses/banner"')
  expect((await fetch(`${ownPort}/api/courses`)).status).toBe(404)
})

test('every figure of ours has a panel and stands in the docs', () => {
  const seen = new Set(shown.flatMap(({ expr }) => readPromql(expr).map(({ metric }) => metric)))
  const docs = text('docs/watching.md')
  for (const name of exported.keys()) {
    if (!name.startsWith('colonnade_')) continue
    if (/_(bucket|sum|count)$/.test(name)) continue
    expect([...seen].some((used) => used.startsWith(name))).toBe(true)
    expect(docs).toContain(`\`${name}\``)
  }
  for (const { alert } of rules) expect(docs).toContain(`\`${alert}\``)
})

test('the dashboard’s panels have names of their own, say what they show and stand clear of each other', () => {
  const { panels } = dashboard
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
  expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length)
  for (const { type, description } of panels) expect(type === 'row' || description).toBeTruthy()
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, i) => `${x + (i % w)} ${y + Math.floor(i / w)}`),
  )
  expect(new Set(cells).size).toBe(cells.length)
})

test('a metric, a label and a bracket that are wrong are found', () => {
  expect(readPromql('sum by (a, b) (rate(x_total{c=~"d,e",f!="g"}[5m])) / on (h) y > 0.1')).toEqual(
    [
      { metric: 'x_total', labels: new Set(['c', 'f', 'a', 'b']) },
      { metric: 'y', labels: new Set() },
    ],
  )
  expect(readPromql('max(x) by (a) and histogram_quantile(0.9, y)')).toEqual([
    { metric: 'x', labels: new Set(['a']) },
    { metric: 'y', labels: new Set() },
  ])
  expect(() => readPromql('sum by (a (x)')).toThrow('A bracket is missing')
  expect(() => readPromql('x # y')).toThrow('No PromQL at 2')
})
