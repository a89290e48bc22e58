import { HostsNotAllowed } from '../../ops/testing/hosts/host.ts'
import { Hosts, type Size } from '../../ops/testing/hosts/hosts.ts'
import { spread as install, type Spread } from '../../ops/testing/hosts/installation.ts'
import { Nginx } from '../../ops/testing/hosts/nginx.ts'
import { Trial } from '../../ops/testing/trial.ts'
import { Generator } from '../children.ts'
import { Cleanup } from '../cleanup.ts'
import type { Bench } from '../scenario.ts'

/** An installation over hosts of its own, and a generator on the client's host. */
export type OverHosts = Spread & { generator: Generator; close(): Promise<void> }

/** @returns why not, where the system allows no hosts */
export async function overHosts(
  bench: Bench,
  options: Size & Parameters<typeof install>[2] = {},
): Promise<OverHosts | string> {
  const trial = new Trial()
  const own = new Cleanup()
  own.add(() => trial.close())
  bench.cleanup.add(() => own.run())
  try {
    const hosts = await Hosts.open(trial, options)
    own.add(() => hosts.close())
    const installed = await install(trial, hosts, options)
    const generator = new Generator(bench.root, own, hosts.client.prefix())
    return { ...installed, generator, close: () => own.run() }
  } catch (error) {
    if (error instanceof HostsNotAllowed) return error.message
    throw error
  }
}

/** Two hosts of services behind nginx on the proxy's host, every cache off. */
export type Balanced = OverHosts & { nginx: Nginx; addresses: readonly string[] }

/** @returns why not, where the system allows no hosts or has no nginx */
export async function balancedOverHosts(bench: Bench): Promise<Balanced | string> {
  const why = Nginx.missing()
  if (why) return why
  const balancer = 'http://127.0.0.1:3101'
  const urls = Object.fromEntries(
    ['COURSES', 'INSTRUCTORS', 'REVIEWS', 'MEDIA'].map((name) => [`${name}_URL`, balancer]),
  )
  const but = { services: uncached, proxy: { ...uncached, ...urls } }
  const opened = await overHosts(bench, { services: 2, but })
  if (typeof opened === 'string') return opened
  const { proxy, services } = opened.hosts
  const nginx = new Nginx(proxy)
  const addresses = services.map(({ v4 }) => `${v4}:3001`)
  nginx.services(addresses)
  proxy.sh('rm -f /etc/nginx/sites-enabled/default')
  await nginx.start()
  return { ...opened, nginx, addresses }
}

/** Settings that leave nothing kept. */
export const uncached = { CACHE: 'off' }
