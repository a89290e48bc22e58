import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Block } from './guide.ts'
import type { Host } from './host.ts'
import { layRelease } from './lay-release.ts'

/**
 * All that differs between the guide's hosts and a test's: they have no way to the internet, so packages are only looked
 * up, and the release is this checkout, installed and built, laid under what is written to it.
 */
const instead: [RegExp, string][] = [
  [/^apt-get install -y (.*)$/gm, 'for package in $1; do dpkg -s "$package" >/dev/null; done'],
  [/^git clone \S+ (\S+)$/gm, 'lay_release $1'],
  [
    /npm ci --no-audit --no-fund && npm run build/g,
    'test -e node_modules && test -e dist/server/colonnade.js',
  ],
]

/** Runs one block of a guide on the hosts it names. @returns what was said @throws when a command failed */
export function follow(block: Block, hosts: ReadonlyMap<string, Host>, folder: string): string {
  const find = (name: string): Host => {
    const host = hosts.get(name)
    if (!host) throw new Error(`Line ${block.line}: there is no host called ${name}.`)
    return host
  }
  if ('from' in block) {
    for (const file of block.files) {
      const text = find(block.from).run(['cat', file])
      const mode = find(block.from).run(['stat', '-c', '%a', file]).trim()
      find(block.to).sh(`mkdir -p "$(dirname ${file})"; cat >${file}; chmod ${mode} ${file}`, {
        input: text,
      })
    }
    return ''
  }
  const commands = instead.reduce((text, [from, to]) => text.replace(from, to), block.commands)
  return block.on
    .map((name) => {
      const script = layRelease(join(folder, `${name}-release`)) + commands
      return find(name).sh(script)
    })
    .join('')
}

/** Debian packages that the guide installs and this machine lacks. */
export function missingPackages(blocks: readonly Block[]): string[] {
  const named = blocks.flatMap((block) =>
    'commands' in block
      ? [...block.commands.matchAll(/^apt-get install -y (.*)$/gm)].flatMap(([, names = '']) =>
          names.split(' '),
        )
      : [],
  )
  if (!existsSync('/usr/bin/dpkg')) return named
  return named.filter((name) => {
    try {
      execFileSync('dpkg', ['-s', name], { stdio: 'ignore' })
      return false
    } catch {
      return true
    }
  })
}
