import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@colonnade/testing/free-port'
import { seedCourses } from '../courses.ts'
import { browserHeaders, capture } from '../http/capture.ts'
import { makeDataFolder } from '../installation.ts'
import { type Bench, median, ms, type Scenario, skipped, told } from '../scenario.ts'

/** A first reader's wait: fragments from Postgres, from Redis after a restart, and from the process itself. */
export const redis: Scenario = {
  name: 'redis',
  about: 'p50 of a page whose fragments come from the process, from Redis, from Postgres',
  async run(bench: Bench) {
    const figure = 'Page with fragments from Postgres; Redis; the process'
    if (!hasRedis()) {
      return { figures: [skipped(figure, 'redis-server is not here')], plots: [], details: {} }
    }
    await bench.stopInstallation()
    const server = await startRedis(bench)
    const data = makeDataFolder(bench.cleanup)
    const settings = { data, env: { REDIS_URL: server.url } }
    const seeding = await bench.start(settings)
    const slugs = await seedCourses(bench.root, seeding, bench.quick ? 30 : 300)
    await seeding.stop()
    server.empty()
    const cold = await bench.start(settings)
    const fromPostgres = await askEach(cold.url, slugs)
    await cold.stop()
    const again = await bench.start(settings)
    const keys = server.countKeys()
    const fromRedis = await askEach(again.url, slugs)
    const fromProcess = await askEach(again.url, slugs)
    await again.stop()
    await server.stop()
    const p50 = [fromPostgres, fromRedis, fromProcess].map((times) => ms(median(times)))
    return {
      figures:
        keys > 0
          ? [
              told(
                `${figure} (p50 of ${slugs.length} courses, one after the other)`,
                p50.join('; '),
              ),
            ]
          : [skipped(figure, 'nothing was kept in Redis')],
      plots: [
        {
          kind: 'bars' as const,
          title: 'p50 of a course page by where its fragments come from, milliseconds',
          bars: Object.entries({
            Postgres: fromPostgres,
            Redis: fromRedis,
            process: fromProcess,
          }).map(([label, times]) => ({ label, value: median(times) / 1000, ours: true })),
        },
      ],
      details: { fromPostgres, fromRedis, fromProcess, keys },
    }
  },
}

/** Microseconds of each page, one after the other. */
async function askEach(url: string, slugs: readonly string[]): Promise<number[]> {
  const times: number[] = []
  for (const slug of slugs) {
    const began = performance.now()
    const { status } = await capture(`${url}/learn/${slug}`, browserHeaders)
    if (status !== 200) throw new Error(`/learn/${slug} answers ${status}.`)
    times.push((performance.now() - began) * 1000)
  }
  return times
}

function hasRedis(): boolean {
  try {
    execFileSync('redis-server', ['--version'])
    return true
  } catch {
    return false
  }
}

async function startRedis(bench: Bench) {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'colonnade-bench-redis-'))
  bench.cleanup.add(() => rmSync(folder, { recursive: true, force: true }))
  const child = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
  const gone = once(child, 'exit')
  const stop = async () => {
    child.kill()
    await gone
  }
  bench.cleanup.add(stop)
  for await (const line of child.stdout) if (String(line).includes('Ready to accept')) break
  const ask = (...words: string[]) =>
    execFileSync('redis-cli', ['-p', String(port), ...words], { encoding: 'utf8' })
  return {
    url: `redis://127.0.0.1:${port}`,
    stop,
    empty: () => ask('flushall'),
    countKeys: () => Number(ask('dbsize')),
  }
}
