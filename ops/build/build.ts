import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import { build, type Rolldown } from 'vite'
import { buildFonts } from '../../packages/ui/fonts.ts'
import type { AssetManifest } from '../assets.ts'
import { oneByteSource } from './one-byte-source.ts'

const root = join(import.meta.dirname, '../..')
const dist = join(root, 'dist')
const assets = join(dist, 'assets')

/** How long plugins took is of no use to who starts the platform. */
const quiet = { pluginTimings: false }

/** Files of this build and of the two before stay available, for pages that were sent before a deploy. */
const buildsKept = 3

export async function buildAll(): Promise<void> {
  await mkdir(assets, { recursive: true })
  const owners = [join(root, 'packages/ui'), ...folders(join(root, 'services'))].filter((folder) =>
    existsSync(join(folder, 'elements/index.ts')),
  )
  const [fonts, ...built] = await Promise.all([
    buildFonts(join(assets, 'ui'), '/assets/ui/'),
    ...owners.map(buildElements),
    buildServer(),
  ])
  const manifest: AssetManifest = { owners: {}, fonts: [] }
  for (const one of built) if (one) manifest.owners[one.owner] = one.files
  const faces = await writeHashed('ui', 'fonts', '.css', fonts.css)
  manifest.owners.ui?.unshift(faces)
  manifest.fonts = fonts.preload.map((name) => `/assets/ui/${name}`)
  await writeFile(join(dist, 'assets.json'), JSON.stringify(manifest, null, 2))
  await prune([
    ...Object.values(manifest.owners).flat(),
    ...fonts.files.map(({ name }) => `/assets/ui/${name}`),
  ])
  await compressAll()
}

const folders = (parent: string) => readdirSync(parent).map((name) => join(parent, name))

/** One owner's scripts and styles, each one file, named after their content. */
async function buildElements(folder: string): Promise<{ owner: string; files: string[] }> {
  const owner = basename(folder)
  const output = await build({
    configFile: join(root, 'vite.config.ts'),
    root,
    logLevel: 'warn',
    publicDir: false,
    build: {
      outDir: join(assets, owner),
      emptyOutDir: false,
      cssCodeSplit: false,
      assetsInlineLimit: 0,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: {
        checks: quiet,
        input: join(folder, 'elements/index.ts'),
        output: {
          entryFileNames: `${owner}-[hash].js`,
          assetFileNames: `${owner}-[hash][extname]`,
        },
      },
    },
  })
  const { output: files } = single(output)
  return {
    owner,
    files: files
      // A folder with styles alone leaves an empty script behind, which nobody should fetch.
      .filter((file) => file.type === 'asset' || file.code.trim() !== '')
      .map((file) => `/assets/${owner}/${file.fileName}`),
  }
}

async function buildServer(): Promise<undefined> {
  await build({
    configFile: join(root, 'vite.config.ts'),
    root,
    logLevel: 'warn',
    publicDir: false,
    plugins: [oneByteSource],
    build: {
      outDir: join(dist, 'server'),
      emptyOutDir: true,
      ssr: true,
      target: 'node20',
      sourcemap: true,
      rolldownOptions: {
        checks: quiet,
        input: {
          colonnade: join(root, 'ops/cli.ts'),
          worker: join(root, 'ops/workers/worker.ts'),
          'course-reader': join(root, 'packages/format/reader.ts'),
          'picture-maker': join(root, 'services/media/images/picture-maker.ts'),
        },
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
    // Decided here: React would otherwise ask the environment at every start, and be the slow development one.
    define: { 'process.env.NODE_ENV': '"production"' },
    // Everything is bundled, so that each package keeps the versions it asked for and a start reads one file; what
    // holds native code or a large library of parts stays outside.
    ssr: {
      noExternal: true,
      external: [
        ...['sharp', '@resvg/resvg-js', 'shiki', 'subset-font', '@faker-js/faker', 'vite'],
        ...['pdfkit', 'fontkit', 'jsonld'],
      ],
    },
  })
}

function single(output: Awaited<ReturnType<typeof build>>): Rolldown.RolldownOutput {
  const one = Array.isArray(output) ? output[0] : output
  if (!one || !('output' in one)) throw new Error('The bundler gave no output.')
  return one
}

async function writeHashed(
  owner: string,
  name: string,
  ext: string,
  text: string,
): Promise<string> {
  const file = `${name}-${createHash('sha256').update(text).digest('base64url').slice(0, 8)}${ext}`
  await writeFile(join(assets, owner, file), text)
  return `/assets/${owner}/${file}`
}

async function prune(current: readonly string[]): Promise<void> {
  const record = join(dist, 'builds.json')
  const before = existsSync(record)
    ? (JSON.parse(await readFile(record, 'utf8')) as string[][])
    : []
  const last = before[0]
  const same = last?.length === current.length && last.every((file) => current.includes(file))
  const builds = [...(same ? [] : [[...current]]), ...before].slice(0, buildsKept)
  await writeFile(record, JSON.stringify(builds))
  const kept = new Set(builds.flat())
  for (const file of await everyAsset()) {
    if (!kept.has(`/assets/${file.replace(/\.(br|gz)$/, '')}`)) await rm(join(assets, file))
  }
}

async function everyAsset(): Promise<string[]> {
  const all = await readdir(assets, { recursive: true })
  const files: string[] = []
  for (const path of all) {
    if ((await stat(join(assets, path))).isFile()) files.push(path.replaceAll('\\', '/'))
  }
  return files
}

/** Compresses once, at the best level, what compresses at all. */
async function compressAll(): Promise<void> {
  const files = new Set(await everyAsset())
  await Promise.all(
    [...files]
      .filter((file) => /\.(css|js|svg)$/.test(file) && !files.has(`${file}.br`))
      .map(async (file) => {
        const bytes = await readFile(join(assets, file))
        await writeFile(join(assets, `${file}.br`), await promisify(brotliCompress)(bytes))
        await writeFile(join(assets, `${file}.gz`), await promisify(gzip)(bytes, { level: 9 }))
      }),
  )
}
