import { expect, test } from 'vitest'
import { draw } from './plot.ts'
import { markdown, table } from './report.ts'
import { judged, median, skipped, told } from './scenario.ts'
import { readStatements } from './scenarios/statement.ts'

test('the table tells what was met, missed and skipped', () => {
  const figures = [
    judged(true, 'A', '≥ 1', '2', '3'),
    judged(false, 'A longer one', '< 1', '2'),
    skipped('C', 'no tool'),
    told('D', '4'),
  ]
  expect(table(figures)).toBe(
    [
      'figure        target  measured          peer',
      '────────────  ──────  ────────────────  ────  ───────',
      'A             ≥ 1     2                 3     met',
      'A longer one  < 1     2                       MISSED',
      'C                     skipped: no tool        skipped',
      'D                     4',
    ].join('\n'),
  )
})

test('the table for the documentation', () => {
  const machine = {
    ...{
      time: '2026-11-23T10:00:00Z',
      command: 'npm run bench',
      commit: '1234567',
      changed: false,
    },
    ...{ node: 'v20.20.0', system: 'linux', processor: 'EPYC', cores: 2, memoryGiB: 24 },
    loadBefore: 0.1,
  }
  const result = { figures: [judged(true, 'A', '≥ 1', '2 | 3', '4')], plots: [], details: {} }
  const text = markdown({ machine, scenarios: [{ name: 'a', about: '', result }] })
  expect(text).toContain('| figure | target | measured | peer | verdict |\n| --- |')
  expect(text).toContain('| A | ≥ 1 | 2 \\| 3 | 4 | met |')
  expect(text).toContain('at commit 1234567: 2 cores (EPYC)')
})

test('the median of an even number lies between', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(median([7])).toBe(7)
})

test('plots are whole drawings without impossible numbers', () => {
  const bars = draw({
    kind: 'bars',
    title: 'A < B',
    bars: [{ label: 'x & y', value: 0 }],
    mark: { label: 'm', value: 0 },
  })
  const lines = draw({
    kind: 'lines',
    title: 'Latency',
    x: { label: 'percentile', scale: 'percentile', ticks: [50, 99.99] },
    y: { label: 'ms', scale: 'log' },
    lines: [
      {
        label: 'one',
        points: [
          [50, 0],
          [99.99, 12],
        ],
      },
      { label: 'none', points: [] },
    ],
  })
  const rates = draw({
    kind: 'lines',
    title: 'By rate',
    x: { label: 'arrivals a second', scale: 'log' },
    y: { label: '% dropped', scale: 'linear' },
    lines: [
      {
        label: 'ours',
        points: [
          [1, 0],
          [1000, 0],
          [8000, 12],
        ],
      },
      { label: 'one point', points: [[1000, 71]] },
    ],
  })
  // Three of the line; one of the single point, and its like in the legend.
  expect(rates.match(/<circle/g)).toHaveLength(5)
  for (const tick of ['>1<', '>10<', '>100<', '>1,000<']) expect(rates).toContain(tick)
  expect(bars).toContain('x &#38; y')
  for (const svg of [bars, lines, rates]) {
    expect(svg).toMatch(/^<svg .*<\/svg>\n$/s)
    expect(svg).not.toMatch(/NaN|Infinity|undefined/)
  }
})

test('finds the statement in the log of Postgres', () => {
  const log = [
    '2026-11-23 10:00:00 UTC [7] LOG:  duration: 0.1 ms  parse p1: select 1',
    '2026-11-23 10:00:00 UTC [7] LOG:  duration: 0.2 ms  execute p1: select x from instructors.outbox where id = $1',
    '2026-11-23 10:00:00 UTC [7] LOG:  duration: 0.2 ms  execute p2: ',
    '\t    select document',
    '\t    from instructors.teaching t where t.course_id = $1',
    "2026-11-23 10:00:00 UTC [7] DETAIL:  Parameters: $1 = '5'",
  ].join('\n')
  expect(readStatements(log)).toEqual([
    'select document from instructors.teaching t where t.course_id = $1',
  ])
  expect(readStatements('nothing')).toEqual([])
})
