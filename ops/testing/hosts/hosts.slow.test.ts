import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { eventually } from '../colonnade.ts'
import { isAlive, Trial } from '../trial.ts'
import { firstProcess, type Host } from './host.ts'
import { lendHosts } from './lend-hosts.ts'

const trial = new Trial()
const { hosts, allowed } = lendHosts(trial, { services: 2 })

const ports = [80, 443, 3000, 3001, 5432, 22]

/** Answers on every port of both families, with the port's number. */
const listener = `
const net = require('node:net')
for (const port of [${ports}]) net.createServer((s) => s.end(String(port))).listen(port, '::')
console.log('listening')
`

const asker = `
const net = require('node:net')
const [host, ...ports] = process.argv.slice(1)
Promise.all(ports.map((port) => new Promise((resolve) => {
  const socket = net.connect({ host, port })
  const end = (answer) => { resolve(answer); socket.destroy() }
  socket.on('data', (data) => end(String(data) === port))
  socket.on('error', () => end(false))
  setTimeout(() => end(false), 700)
}))).then((open) => console.log(ports.filter((_, i) => open[i]).join(' ')))
`

/** Which ports of `to` a host reaches, by IPv4 and by IPv6. */
async function reached(from: Host, to: Host): Promise<string[]> {
  const asking = [to.v4, to.v6].map((address) =>
    from.start([process.execPath, '-e', asker, address, ...ports.map(String)]),
  )
  await Promise.all(asking.map(({ ended }) => ended))
  return asking.map((one) => one.output().trim())
}

beforeAll(async () => {
  if (!allowed()) return
  for (const host of hosts().all) {
    const listening = host.start([process.execPath, '-e', listener])
    await eventually(async () => expect(listening.output()).toContain('listening'))
  }
})

test('each is reached on the ports of its part, by those who may', async () => {
  const { client, proxy, service, database } = hosts()
  const second = hosts().services[1] ?? service
  const ways: [Host, Host, string][] = [
    [client, proxy, '80 443'],
    [client, service, ''],
    [client, database, ''],
    [proxy, service, '3001'],
    [proxy, second, '3001'],
    [proxy, database, ''],
    [proxy, client, ''],
    [service, proxy, '80 443 3000'],
    [service, second, ''],
    [second, database, '5432'],
    [database, service, ''],
    [database, database, ports.join(' ')],
  ]
  const seen = ways.map(async ([from, to, open]) => {
    const got = await reached(from, to)
    expect([from.name, to.name, got]).toEqual([from.name, to.name, [open, open]])
  })
  await Promise.all(seen)
}, 60_000)

test('they have no way out', () => {
  expect(() => hosts().proxy.run(['ip', 'route', 'get', '1.1.1.1'])).toThrow('unreachable')
})

test('what is written on one is on that one alone', () => {
  const { service, database } = hosts()
  for (const part of ['etc', 'opt', 'var', 'home', 'usr', 'root']) {
    const file = `/${part}/colonnade-${process.pid}`
    service.run(['touch', file])
    expect(existsSync(file)).toBe(false)
    expect(() => database.run(['ls', file])).toThrow('No such file')
  }
  expect(service.sh('hostname')).toBe('service\n')
})

test('when their test is killed nothing is left', async () => {
  const command = JSON.stringify(firstProcess(trial.data('killed'), 'killed'))
  const script = `
      const [program, ...args] = ${command}
      const { stdout } = require('node:child_process').spawn(program, args, { stdio: 'pipe' })
      stdout.pipe(process.stdout)`
  const owner = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [said] = await once(owner.stdout, 'data')
  const pid = Number(said)
  const on = [`--target=${pid}`, '--pid', '--net', '--mount', 'sleep', '1000']
  const busy = spawn('nsenter', on, { stdio: 'ignore' })
  expect(isAlive(pid)).toBe(true)
  owner.kill('SIGKILL')
  await once(busy, 'exit')
  // Its parent is told of it in its own time.
  await eventually(async () => expect(isAlive(pid)).toBe(false))
})
