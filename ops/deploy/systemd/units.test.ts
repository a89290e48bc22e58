import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const parts = ['proxy', 'services', 'all']
const file = (part: string) => join(import.meta.dirname, `colonnade-${part}.service`)

/** What systemd-analyze says of a unit; undefined where there is none. */
function analyze(...args: string[]) {
  const { error, status, stdout, stderr } = spawnSync('systemd-analyze', args, { encoding: 'utf8' })
  return error ? undefined : { status, said: stdout + stderr }
}

test.for(parts)('systemd understands every line of the unit for %s', (part, { skip }) => {
  const seen = analyze('verify', file(part))
  if (!seen) return skip('there is no systemd-analyze')
  // It checks that ExecStart is there too, which /usr/bin/env is everywhere.
  expect([seen.status, seen.said]).toEqual([0, ''])
})

test.for(parts)('%s can do little harm when it is taken over', (part, { skip }) => {
  const seen = analyze('security', '--offline=true', '--threshold=15', file(part))
  if (!seen) return skip('there is no systemd-analyze')
  expect([seen.status, /Overall exposure level.*: [\d.]+/.exec(seen.said)?.[0]]).toEqual([
    0,
    `Overall exposure level for colonnade-${part}.service: 1.3`,
  ])
})

test('the three differ only in what they run, and how much memory that may take', () => {
  const own = /^(#.*|Description|EnvironmentFile|ExecStart|Memory(High|Max))\b.*$/
  const [first, ...others] = parts.map((part) =>
    readFileSync(file(part), 'utf8')
      .split('\n')
      .filter((line) => !own.test(line)),
  )
  for (const other of others) expect(other).toEqual(first)
})
