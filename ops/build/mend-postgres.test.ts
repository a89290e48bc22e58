import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { mendDriver } from './mend-postgres.ts'

const entry = createRequire(import.meta.url).resolve('postgres')
const driver = readFileSync(join(dirname(entry), '../src/connection.js'), 'utf8')

test('the driver that is installed can be mended: no write finds its socket gone', () => {
  const mended = mendDriver(driver)
  const [, guarded = ''] = mended.split('function nextWrite(fn) {')
  expect(guarded.indexOf('if (!socket)')).toBeLessThan(guarded.indexOf('socket.write('))
  expect(mended.split('forgetWrite()')).toHaveLength(5)
  expect(mended.match(/[^.]fetchArrayTypes\(\)(?!\.catch| \{)/)).toBeNull()
})

test('a driver that has changed stops the build', () => {
  expect(() => mendDriver(mendDriver(driver))).toThrow('has changed')
})
