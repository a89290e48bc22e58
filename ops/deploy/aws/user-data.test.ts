import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root } from '../../root.ts'
import { serviceNames } from '../../testing/service-names.ts'
import { type Part, userData } from './user-data.ts'

const folder = join(import.meta.dirname, 'hosts')
const parts: readonly Part[] = ['proxy', 'services', 'database']
const scripts = readdirSync(folder).filter((name) => name.endsWith('.sh'))
const read = (name: string) => readFileSync(join(folder, name), 'utf8')

/** Where a shell finds no fault; what it says else. */
const reads = (script: string) => spawnSync('sh', ['-n'], { input: script, encoding: 'utf8' })

describe('what hosts run', () => {
  test.each(scripts)('%s is read by a shell', (name) => {
    const { stderr, status } = reads(read(name))
    expect(stderr).toBe('')
    expect(status).toBe(0)
  })

  test.each(scripts)('%s calls only files that are shipped', (name) => {
    const text = read(name)
      .replace(/\$\{here\}/g, 'ops/deploy')
      .replace(/\/opt\/colonnade\/current\//g, '')
    const called = [...text.matchAll(/ops\/(?:deploy|bin)\/[\w./${}-]+\.\w+/g)].flatMap(([path]) =>
      parts.map((part) => path.replace(/\$\{PART\}/, part)),
    )
    for (const path of called) expect(existsSync(join(root, path)), path).toBe(true)
  })

  test.each(serviceNames)(
    'the proxy is told where %s is, and it has roles in the database',
    (name) => {
      expect(read('proxy.sh')).toMatch(
        new RegExp(`^for service in .*\\b${name.toUpperCase()}\\b`, 'm'),
      )
      expect(read('rds-roles.sh')).toMatch(new RegExp(`^ *for service in .*\\b${name}\\b`, 'm'))
    },
  )

  const units = join(root, 'ops/deploy/systemd')
  test.skipIf(!existsSync(units))('their units are shipped (needs ops/deploy/systemd)', () => {
    for (const part of ['proxy', 'services']) {
      expect(existsSync(join(units, `colonnade-${part}.service`)), part).toBe(true)
    }
  })

  test.each(parts)('%s is told its part, fits, and knows no secret', (part) => {
    const script = userData(part, {
      REGION: 'eu-central-1',
      SECRET_ID: 'arn:aws:secretsmanager:x',
    })
    expect(reads(script).stderr).toBe('')
    expect(script).toMatch(/^#!\/bin\/sh\nset -eu\nexport PART='/)
    expect(script.length).toBeLessThan(16_384)
    expect(script).not.toMatch(/get-secret-value|PASSWORD/)
  })
})
