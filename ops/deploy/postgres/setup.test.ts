import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { services } from '../../services.ts'

test('the script makes roles for exactly the services that there are', () => {
  const script = readFileSync(new URL('setup.sh', import.meta.url), 'utf8')
  const [, names = ''] = /^services=\$\{services:-(.*)\}$/m.exec(script) ?? []
  expect(names.split(' ').sort()).toEqual(services.map(({ name }) => name).sort())
})
