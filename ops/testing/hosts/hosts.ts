import { execFileSync, spawnSync } from 'node:child_process'
import type { Trial } from '../trial.ts'
import { allow } from './firewall.ts'
import { Host, HostsNotAllowed, type Init } from './host.ts'

/** How many hosts of the kinds of which there may be several, and what looks after those: a shell unless told. */
export type Size = { services?: number; proxies?: number; init?: Init }

/**
 * Client, proxy, service and database as hosts of their own, joined by a switch that this machine itself has no way into.
 * Each has the firewall that its part gets in a cloud: 80 and 443 of a proxy are open to all, 3001 of a service to the
 * proxies, 5432 of the database to the services, and 3000 of a proxy to the services.
 */
export class Hosts {
  private constructor(
    readonly client: Host,
    readonly proxies: readonly Host[],
    readonly services: readonly Host[],
    readonly database: Host,
    private readonly link: Host,
  ) {}

  /** @throws HostsNotAllowed where the system does not let us */
  static async open(trial: Trial, { services = 1, proxies = 1, init }: Size = {}): Promise<Hosts> {
    if (process.platform !== 'linux') throw new HostsNotAllowed('Hosts are made on Linux only.')
    if (process.getuid?.() !== 0) throw new HostsNotAllowed('Hosts are made by root only.')
    for (const program of ['unshare', 'nsenter', 'ip', 'nft']) {
      if (spawnSync(program, ['--version']).error === undefined) continue
      throw new HostsNotAllowed(`${program} is missing: sudo ops/debian.sh`)
    }
    const folder = trial.data('hosts')
    const booted: Host[] = []
    const boot = async (name: string, place: number, init?: Init) => {
      const host = await Host.boot(folder, name, place, init)
      booted.push(host)
      return host
    }
    const several = async (name: string, count: number, first: number) => {
      const all: Host[] = []
      for (let i = 0; i < count; i++) {
        all.push(await boot(i === 0 ? name : `${name}${i + 1}`, first + i, init))
      }
      return all
    }
    try {
      const link = await boot('switch', 1)
      const client = await boot('client', 10)
      const proxy = await several('proxy', proxies, 20)
      const service = await several('service', services, 30)
      const database = await boot('database', 40)
      const hosts = new Hosts(client, proxy, service, database, link)
      hosts.join()
      hosts.guard()
      return hosts
    } catch (error) {
      for (const host of booted) await host.close()
      throw error
    }
  }

  get proxy(): Host {
    return first(this.proxies)
  }

  get service(): Host {
    return first(this.services)
  }

  get all(): readonly Host[] {
    return [this.client, ...this.proxies, ...this.services, this.database]
  }

  /** Lays a cable from each host to the switch, and tells each the names of all. */
  private join(): void {
    // Only the switch's network: its own process numbers would not name the other hosts.
    const on = [`--target=${this.link.pid}`, '--net', 'ip']
    const ip = (...words: string[]) => execFileSync('nsenter', [...on, ...words])
    ip('link', 'add', 'lan', 'type', 'bridge')
    ip('link', 'set', 'lan', 'up')
    const names = this.all.map(({ v4, v6, name }) => `${v4} ${name}\n${v6} ${name}\n`).join('')
    for (const [i, { pid }] of this.all.entries()) {
      const end = ['type', 'veth', 'peer', 'name', 'eth0', 'netns', String(pid)]
      ip('link', 'add', `port${i}`, ...end)
      ip('link', 'set', `port${i}`, 'master', 'lan', 'up')
    }
    for (const host of this.all) {
      host.sh(
        `ip address add ${host.v4}/24 dev eth0
        ip address add ${host.v6}/64 dev eth0 nodad
        ip link set eth0 up
        cat >>/etc/hosts`,
        { input: names },
      )
    }
  }

  /** Sets every firewall as it should be. */
  guard(): void {
    const { client, proxies, services, database } = this
    allow(client, [])
    for (const proxy of proxies) {
      allow(proxy, [
        { port: 80, from: 'anywhere' },
        { port: 443, from: 'anywhere' },
        // Services tell every proxy what changed.
        { port: 3000, from: services },
      ])
    }
    for (const service of services) allow(service, [{ port: 3001, from: proxies }])
    allow(database, [{ port: 5432, from: services }])
  }

  async close(): Promise<void> {
    for (const host of [...this.all, this.link]) await host.close()
  }
}

function first(hosts: readonly Host[]): Host {
  const [one] = hosts
  if (!one) throw new Error('There is no such host.')
  return one
}
