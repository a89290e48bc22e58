import { execFileSync } from 'node:child_process'
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { diskOf, Group } from '../cgroup.ts'
import { ms, pagesCame, percentile, statuses, within, writesBack } from '../figures.ts'
import { familyOf } from '../processes.ts'
import { type Check, check, type Row, Skipped, type Stage } from '../row.ts'
import { openBox, type Place, underLoad } from '../stage.ts'

/** @throws Skipped where nothing may be mounted */
function mountSmallDisk({ trial, cleanup }: Stage, name: string, size: string): string {
  const folder = trial.data(name)
  try {
    const options = `size=${size},mode=0711`
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'colonnade-faults', folder], {
      stdio: 'ignore',
    })
  } catch {
    throw new Skipped('A small disk may be mounted by root only.')
  }
  cleanup.add(async () => {
    await trial.stop()
    execFileSync('umount', [folder])
  })
  return folder
}

/** Writes until nothing more fits. */
function fill(file: string): void {
  const handle = openSync(file, 'w')
  try {
    for (let size = 1024 * 1024; size >= 512; ) {
      try {
        writeSync(handle, Buffer.alloc(size))
      } catch {
        size /= 2
      }
    }
  } finally {
    closeSync(handle)
  }
}

async function readStatus({ url, courseId }: Place): Promise<number> {
  const path = `${url}/api/courses/${courseId}/instructors`
  const answer = await fetch(path, { signal: AbortSignal.timeout(10_000) }).catch(() => undefined)
  await answer?.arrayBuffer()
  return answer?.status ?? 0
}

export const diskFull: Row = {
  number: 15,
  fault: 'full disk',
  made: 'data on a tmpfs of 300 MB, filled by another program until nothing fits; later it leaves',
  passes: '0 lost; reads 200; writes refused, then resume',
  async run(stage) {
    const disk = mountSmallDisk(stage, 'box', '300m')
    const box = await openBox(stage)
    const filler = join(disk, 'filler')
    const reads: number[] = []
    const { load, checks, faultAt, mendedAt } = await underLoad(
      box,
      async () => {
        fill(filler)
        const until = Date.now() + stage.seconds(30) * 1000
        while (Date.now() < until) {
          reads.push(await readStatus(box))
          // What was freed meanwhile is taken too.
          fill(join(disk, 'filler-2'))
          await delay(500)
        }
        rmSync(filler)
        rmSync(join(disk, 'filler-2'))
      },
      { rate: 400, after: 8000 },
    )
    const writes = within(load.writes, faultAt, mendedAt)
    const wrong = writes.filter(({ status }) => ![201, 503, 507].includes(status))
    const unsaid = writes.filter(({ status, retryAfter }) => status >= 500 && !retryAfter)
    const refused = writes.filter(({ status }) => status >= 500)
    const back = writesBack(load, mendedAt)
    const slowest = Math.max(0, ...writes.map((write) => write.ms))
    return [
      pagesCame(load),
      check(
        reads.every((status) => status === 200),
        `API reads: ${statuses(reads.map((status) => ({ at: 0, ms: 0, status })))}`,
      ),
      check(
        wrong.length === 0 && unsaid.length === 0 && refused.length > 0,
        `writes meanwhile: ${statuses(writes)}; slowest ${ms(slowest)}`,
      ),
      check(
        back !== undefined && back < 5000,
        back === undefined ? 'writes did not come back' : `writes were back ${ms(back)} after it`,
      ),
      ...checks,
    ]
  },
}

export const diskSlow: Row = {
  number: 16,
  fault: 'slow disk',
  made: 'a control group lets Postgres write to its disk 5 times a second',
  passes: 'writes shed; pages untouched',
  async run(stage) {
    const group = Group.make('blkio', stage.cleanup)
    const box = await openBox(stage)
    const disk = diskOf(box.data)
    const [server = 0] = stage.trial.postgres()
    const slow = (operations: number) =>
      group.set('blkio.throttle.write_iops_device', `${disk} ${operations}`)
    try {
      slow(0)
    } catch {
      throw new Skipped('The data lie on no disk that can be slowed.')
    }
    const { load, checks, faultAt, mendedAt } = await underLoad(
      box,
      async () => {
        for (const pid of familyOf(server)) group.take(pid)
        slow(5)
        await delay(stage.seconds(12) * 1000)
        slow(0)
      },
      { rate: 400, after: 5000 },
    )
    const pages = within(load.pages, faultAt, mendedAt)
    const writes = within(load.writes, faultAt, mendedAt)
    const counted = group.get('blkio.throttle.io_serviced')
    if (!new RegExp(`^${disk} Write [1-9]`, 'm').test(counted)) {
      throw new Skipped('The control group sees nothing of what Postgres writes to this disk.')
    }
    return [pagesCame(load), pagesQuick(pages), shed(writes), ...checks]
  },
}

const pagesQuick = (pages: Parameters<typeof percentile>[0]): Check =>
  check(percentile(pages, 99) < 300, `page p99 ${ms(percentile(pages, 99))} meanwhile`)

function shed(writes: Parameters<typeof statuses>[0]): Check {
  const slowest = Math.max(0, ...writes.map((write) => write.ms))
  return check(
    writes.every(({ status }) => status === 201 || status === 503) && slowest < 3000,
    `writes meanwhile: ${statuses(writes)}; slowest ${ms(slowest)}`,
  )
}
