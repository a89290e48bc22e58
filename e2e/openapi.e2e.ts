import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { root } from './installation.ts'
import { testEveryEndpoint } from './openapi/every-endpoint.ts'
import { fetchText, own } from './pages.ts'

const run = promisify(execFile)
const require = createRequire(import.meta.url)
const folder = mkdtempSync(join(tmpdir(), 'colonnade-openapi-'))
const file = join(folder, 'openapi.json')

beforeAll(async () => {
  writeFileSync(file, await fetchText('/api/openapi.json'))
  writeFileSync(join(folder, 'spectral.yaml'), 'extends: ["spectral:oas"]\n')
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs a linter from node_modules; it may neither phone home nor look for updates. */
async function lint(tool: string, args: string[]): Promise<unknown> {
  const { stdout } = await run(process.execPath, [tool, ...args], {
    cwd: folder,
    env: {
      ...process.env,
      REDOCLY_TELEMETRY: 'off',
      REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
      SCARF_ANALYTICS: 'false',
      NO_COLOR: '1',
    },
    maxBuffer: 64 * 1024 * 1024,
  }).catch((error: { stdout: string }) => error)
  return JSON.parse(stdout.slice(stdout.search(/[{[]/)))
}

test('Redocly’s recommended rules find nothing', async () => {
  const tool = join(root, 'node_modules/@redocly/cli/bin/cli.js')
  const found = await lint(tool, ['lint', file, '--extends=recommended', '--format=json'])
  expect(found).toMatchObject({ totals: { errors: 0, warnings: 0 }, problems: [] })
})

test('Spectral’s recommended rules find nothing', async () => {
  const tool = require.resolve('@stoplight/spectral-cli/dist/index.js')
  expect(await lint(tool, ['lint', file, '-r', 'spectral.yaml', '-f', 'json', '-q'])).toEqual([])
})

if (own) testEveryEndpoint(200)
