import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../root.ts'
import type { Settings } from './colonnade.ts'

/** Ways in which a release is bad: code that runs before its own. */
export const mutations = {
  dies: 'process.exit(3)',
  'never ready': `import { Server } from 'node:net'\nServer.prototype.listen = function () { return this }`,
  fails: requests(
    'if (!/^.(healthz|readyz)/.test(args[0].url)) return args[1].writeHead(500).end()',
  ),
  slow: requests('return setTimeout(() => emit.call(this, event, ...args), 100)'),
}

function requests(instead: string): string {
  return `import { Server } from 'node:http'
const emit = Server.prototype.emit
Server.prototype.emit = function (event, ...args) {
  if (event === 'request') ${instead.startsWith('if') ? `{ ${instead} }` : instead}
  return emit.call(this, event, ...args)
}`
}

/**
 * A release as a deploy lays it out: this build, in a folder of its own, whole as it comes.
 * @param folder made here
 */
export function makeRelease(
  folder: string,
  {
    env = {},
    mutation,
    onlyWorker = false,
  }: { env?: Settings; mutation?: string; onlyWorker?: boolean } = {},
): string {
  mkdirSync(join(folder, 'ops/bin'), { recursive: true })
  for (const entry of ['packages', 'services', 'proxy', 'node_modules']) {
    symlinkSync(join(root, entry), join(folder, entry))
  }
  for (const entry of ['package-lock.json', 'dist/server', 'dist/assets.json']) {
    cpSync(join(root, entry), join(folder, entry), { recursive: true })
  }
  const program = join(folder, 'dist/server')
  writeFileSync(join(program, 'mutation.js'), mutation ?? '')
  const worker = join(program, 'worker.js')
  writeFileSync(worker, `import './mutation.js'\n${readFileSync(worker, 'utf8')}`)
  // Neither installs nor builds.
  const begin = `${onlyWorker ? '' : "import '../../dist/server/mutation.js'\n"}const { main } = await import('../../dist/server/colonnade.js')\nawait main(process.argv.slice(2))\n`
  writeFileSync(join(folder, 'ops/bin/colonnade.mjs'), begin)
  const lines = Object.entries(env).map(([name, value]) => `${name}=${value}\n`)
  writeFileSync(join(folder, '.env'), lines.join(''))
  return folder
}
