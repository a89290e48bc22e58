import { setTimeout as delay } from 'node:timers/promises'
import { faultProxy } from '@colonnade/testing/fault-proxy'
import { pageBudget } from '../../../ops/testing/course-page.ts'
import { openDoor, openWayOut } from '../../../ops/testing/hosts/door.ts'
import { Nginx } from '../../../ops/testing/hosts/nginx.ts'
import { type AcrossRow, breakWay, packetsSeen } from '../across.ts'
import { longestGap, ms, pagesCame, percentile, statuses, within, writesBack } from '../figures.ts'
import { type Check, check, Skipped, timely } from '../row.ts'
import { placeOf, underLoad } from '../stage.ts'
import { databaseCutFor } from './cuts.ts'

export const databaseCutOff: AcrossRow = {
  number: 10,
  fault: 'service cut from its database',
  made: 'nftables on the database’s host drop what comes from the services; then new connections pass, and the old ones stay silent for ever',
  passes: '503 with Retry-After < 1 s; no hang',
  async amid(across, stage) {
    const { database } = across.hosts
    return await databaseCutFor(across, stage, {
      cut: async () => {
        breakWay(database, ['tcp dport 5432 drop'])
      },
      strand: async () => {
        const onlyNew = [
          'tcp dport 5432 ct state new ct mark set 1',
          'tcp dport 5432 ct mark != 1 drop',
        ]
        stage.cleanup.add(breakWay(database, onlyNew))
      },
    })
  },
}

export const packetsLost: AcrossRow = {
  number: 11,
  fault: '20 % packet loss',
  made: 'nftables on the services’ host drop every fifth packet that comes in, by chance: from the proxy, and from Postgres',
  passes: 'page p99 < 1 s by cache',
  async amid(across, stage) {
    const { service } = across.hosts
    let lost = 0
    const { load, checks, faultAt, mendedAt } = await underLoad(across, async () => {
      const mend = breakWay(service, ['iif eth0 numgen random mod 100 < 20 counter drop'])
      await delay(stage.seconds(12) * 1000)
      lost = packetsSeen(service)
      mend()
    })
    const p99 = percentile(within(load.pages, faultAt, mendedAt), 99)
    return [
      check(lost > 0, `${lost} packets lost`),
      inTime(pagesCame(load)),
      timely(p99 < 1000, `page p99 ${ms(p99)} meanwhile`),
      told('writes meanwhile', within(load.writes, faultAt, mendedAt)),
      ...checks,
    ]
  },
}

export const connectionsReset: AcrossRow = {
  number: 12,
  fault: 'TCP reset',
  made: 'nftables on the services’ host answer one in fifty packets with data from the proxy by a reset',
  passes: 'one safe retry within the budget',
  async amid(across, stage) {
    const { service } = across.hosts
    let resets = 0
    const { load, checks, faultAt, mendedAt } = await underLoad(
      across,
      async () => {
        const some =
          'tcp dport 3001 tcp flags & psh == psh numgen random mod 100 < 2 counter reject with tcp reset'
        const mend = breakWay(service, [some])
        await delay(stage.seconds(12) * 1000)
        resets = packetsSeen(service)
        mend()
      },
      { writes: 0.5, rate: 100 },
    )
    const writes = within(load.writes, faultAt, mendedAt)
    const at = writes.filter(({ status }) => status === 201).length
    return [
      check(resets > 0, `${resets} connections reset`),
      inTime(pagesCame(load)),
      // Without a retry two in a hundred would fail; with one, two of a hundred of those.
      timely(
        at >= writes.length * 0.995,
        `${at} of ${writes.length} writes acknowledged at once (${statuses(writes)})`,
      ),
      check(true, `slowest write ${ms(percentile(writes, 100))}`),
      ...checks,
    ]
  },
}

export const lineNarrow: AcrossRow = {
  number: 13,
  fault: '2 Mbit/s',
  made: 'tc (token bucket, burst 64 kb) on what the services’ host sends: to the proxy, and to Postgres',
  passes: 'no pool starves',
  async amid(across, stage) {
    const { service } = across.hosts
    const { load, checks, faultAt, mendedAt } = await underLoad(across, async () => {
      const bucket = ['tbf', 'rate', '2mbit', 'burst', '64kb', 'latency', '400ms']
      service.run(['tc', 'qdisc', 'add', 'dev', 'eth0', 'root', ...bucket])
      await delay(stage.seconds(12) * 1000)
      service.run(['tc', 'qdisc', 'delete', 'dev', 'eth0', 'root'])
    })
    const gap = longestGap(load, faultAt, mendedAt)
    const back = writesBack(load, mendedAt)
    return [
      inTime(pagesCame(load)),
      check(
        true,
        `page p99 ${ms(percentile(within(load.pages, faultAt, mendedAt), 99))} meanwhile`,
      ),
      told('writes meanwhile', within(load.writes, faultAt, mendedAt)),
      timely(gap < 1000, `at most ${ms(gap)} without an acknowledged write`),
      timely(
        back !== undefined && back < 1000,
        `writes were back ${back === undefined ? 'never' : ms(back)} after it`,
      ),
      ...checks,
    ]
  },
}

/** What a request that is passed on may take, in milliseconds, and a client that waits for it. */
const writeBudget = 16_000
const patient = { patience: 20_000 }

/** Milliseconds from light to heavy; the jitter is as large as the latency. */
const latencies = [50, 200, 1000, 2000]

export const lineSlow: AcrossRow = {
  number: 14,
  fault: 'latency 50–2000 ms with jitter',
  made: `the fault proxy between the proxy’s host and the services’: ${latencies.join(', ')} ms each way, half of it jitter`,
  passes: 'budgets hold',
  async amid(across, stage) {
    const { hosts, spread } = across
    const { proxy, service } = hosts
    const door = await openDoor(proxy, { address: service.v4, port: 3001 })
    const wire = await faultProxy(`127.0.0.1:${door.port}`)
    const wayOut = await openWayOut(proxy, 3201, wire.port)
    for (const step of [wayOut, wire, door]) stage.cleanup.add(() => step.close())
    const names = ['COURSES', 'INSTRUCTORS', 'REVIEWS', 'MEDIA']
    const through = Object.fromEntries(
      names.map((name) => [`${name}_URL`, 'http://127.0.0.1:3201']),
    )
    await spread.replaceProxy(through)
    const slow: Check[] = []
    const { load, checks, faultAt, mendedAt } = await underLoad(
      across,
      async (running) => {
        for (const latency of latencies) {
          const from = running.now()
          const way = { latency: latency / 2, jitter: latency / 2 }
          await wire.set({ up: way, down: way })
          await delay(stage.seconds(4) * 1000)
          const p99 = percentile(within(running.pages, from, running.now()), 99)
          slow.push(timely(p99 <= pageBudget, `${latency} ms: page p99 ${ms(p99)}`))
        }
        await wire.set({})
      },
      patient,
    )
    const writes = within(load.writes, faultAt, mendedAt)
    const slowest = percentile(writes, 100)
    return [
      inTime(pagesCame(load)),
      ...slow,
      told('writes meanwhile', writes),
      timely(
        slowest < writeBudget && writes.every(({ status }) => status > 0),
        `slowest write ${ms(slowest)}`,
      ),
      ...checks,
    ]
  },
}

export const nginxReloaded: AcrossRow = {
  number: 24,
  fault: 'nginx reloaded',
  made: '`nginx -s reload` twice a second, on the proxy’s host, under load over TLS',
  passes: '0 failed on reload',
  async amid(across, stage) {
    const why = Nginx.missing()
    if (why) throw new Skipped(why)
    const { hosts, spread } = across
    await spread.replaceProxy({ PORT: '3000', TRUSTED_PROXIES: '127.0.0.1,::1' })
    const nginx = new Nginx(hosts.proxy)
    nginx.proxy('learn.test', ['127.0.0.1:3000'])
    await nginx.start()
    const door = await openDoor(hosts.client, { address: hosts.proxy.v4, port: 443, tls: true })
    const past = await openDoor(hosts.service, { address: hosts.proxy.v4, port: 3000 })
    for (const one of [door, past]) stage.cleanup.add(() => one.close())
    const place = await placeOf(stage.trial, `http://127.0.0.1:${past.port}`, across.database)
    let reloads = 0
    const { load, checks } = await underLoad(
      { ...place, url: `http://127.0.0.1:${door.port}` },
      async () => {
        for (const until = Date.now() + stage.seconds(9) * 1000; Date.now() < until; reloads++) {
          nginx.reload()
          await delay(500)
        }
      },
      // Who has a key asks again, as our own forms do.
      { storm: 1, rate: 100 },
    )
    const failed = load.writes.filter(({ status }) => status !== 201)
    return [
      check(reloads > 0, `${reloads} reloads`),
      inTime(pagesCame(load)),
      timely(
        failed.length === 0,
        `${load.writes.length} writes, ${failed.length} failed${failed.length > 0 ? ` (${statuses(failed)})` : ''}`,
      ),
      ...checks,
    ]
  },
}

/** A page that is asked for on a busy machine may be late, as well as away. */
const inTime = (came: Check): Check => ({ ...came, timed: true })

const told = (what: string, samples: Parameters<typeof statuses>[0]) =>
  check(true, `${what}: ${statuses(samples)}`)
