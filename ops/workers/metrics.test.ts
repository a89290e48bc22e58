import { expect, test } from 'vitest'
import { addUp } from './metrics.ts'

const one = `# HELP asked_total Requests.
# TYPE asked_total counter
asked_total{route="page",status="200"} 3
asked_total{route="a b } c"} 1
# HELP process_start_time_seconds Since when.
# TYPE process_start_time_seconds gauge
process_start_time_seconds 100
`
const other = `# HELP asked_total Requests.
# TYPE asked_total counter
asked_total{route="page",status="200"} 4
asked_total{route="page",status="503"} 0.5
# HELP process_start_time_seconds Since when.
# TYPE process_start_time_seconds gauge
process_start_time_seconds 200
# HELP more Only here.
# TYPE more gauge
more 7
`

test('what several processes count is one text, each series once and each family together', () => {
  expect(addUp([one, other])).toBe(`# HELP asked_total Requests.
# TYPE asked_total counter
asked_total{route="page",status="200"} 7
asked_total{route="a b } c"} 1
asked_total{route="page",status="503"} 0.5
# HELP process_start_time_seconds Since when.
# TYPE process_start_time_seconds gauge
process_start_time_seconds 200
# HELP more Only here.
# TYPE more gauge
more 7
`)
  expect(addUp([one])).toBe(one)
})
