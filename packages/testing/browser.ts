import { execFile } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { type Browser, chromium } from 'playwright-core'

const run = promisify(execFile)

/**
 * What the browser is started with. The package's own list is left out on purpose: it turns web security off, so
 * that faults in our content security policy would not show.
 */
export const browserArguments = [
  // Containers and root have no sandbox for it; it only ever sees our own pages.
  '--no-sandbox',
  '--disable-gpu',
  // Containers give 64 MB of shared memory, too little for a long page.
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-default-browser-check',
  '--no-first-run',
  '--no-pings',
  '--font-render-hinting=none',
]

/** A Chromium that came with npm, or the one CHROME_PATH names. Close it when done. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: await chromiumPath(), args: browserArguments })
}

/**
 * A program that runs Chromium with the libraries and fonts it needs, so that no system package is required; for
 * Playwright, Lighthouse or a shell. Unpacked once for each user and version, into the temporary folder.
 */
export async function chromiumPath(): Promise<string> {
  if (process.env.CHROME_PATH) return process.env.CHROME_PATH
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('npm brings a browser for Linux on x64 only: set CHROME_PATH to a Chromium.')
  }
  const uid = process.getuid?.() ?? 0
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium')
  const folder = join(tmpdir(), `colonnade-chromium-${versionOf(entry)}-${uid}`)
  if (!existsSync(join(folder, 'chrome'))) await unpack(entry, folder)
  // Anyone can make a folder of this name in a shared temporary folder; what we run must be ours.
  if (lstatSync(folder).uid !== uid) throw new Error(`${folder} belongs to somebody else.`)
  return join(folder, 'chrome')
}

async function unpack(entry: string, folder: string): Promise<void> {
  const partial = mkdtempSync(`${folder}.partial-`)
  try {
    // The package unpacks to the temporary folder and changes the environment: let it do so in a process of its own.
    const script = 'const it = require(process.argv[1]); (it.default ?? it).executablePath()'
    await run(process.execPath, ['-e', script, entry], {
      env: { ...process.env, TMPDIR: partial, AWS_LAMBDA_JS_RUNTIME: 'nodejs20.x' },
    })
    writeFonts(partial, folder)
    writeFileSync(
      join(partial, 'chrome'),
      `#!/bin/sh\nexport LD_LIBRARY_PATH='${folder}/al2023/lib'\n` +
        `export FONTCONFIG_PATH='${folder}/fonts'\nexec '${folder}/chromium' "$@"\n`,
    )
    chmodSync(join(partial, 'chrome'), 0o700)
    renameSync(partial, folder)
  } catch (error) {
    rmSync(partial, { recursive: true, force: true })
    // Another process may have been first.
    if (!existsSync(join(folder, 'chrome'))) throw error
  }
}

/** The packed configuration names /tmp/fonts, which is not where the fonts are. */
function writeFonts(partial: string, folder: string): void {
  mkdirSync(join(partial, 'fonts'), { recursive: true })
  writeFileSync(
    join(partial, 'fonts', 'fonts.conf'),
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>` +
      `<dir>${folder}/fonts</dir><dir>/usr/share/fonts</dir>` +
      `<cachedir>${folder}/font-cache</cachedir></fontconfig>\n`,
  )
}

function versionOf(entry: string): string {
  for (let folder = dirname(entry); folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, 'package.json')
    if (!existsSync(file)) continue
    const version = /"version": "([^"]+)"/.exec(readFileSync(file, 'utf8'))?.[1]
    if (version) return version
  }
  return 'unknown'
}
