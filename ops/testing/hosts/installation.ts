import { join } from 'node:path'
import { root } from '../../root.ts'
import { type Child, eventually, type Settings } from '../colonnade.ts'
import { serviceNames } from '../service-names.ts'
import { writeSmallCourse } from '../small-course.ts'
import type { Trial } from '../trial.ts'
import type { Host } from './host.ts'
import type { Hosts } from './hosts.ts'

const colonnade: [string, ...string[]] = [process.execPath, join(root, 'ops/bin/colonnade.mjs')]

/** Colonnade on hosts of their own: a proxy, the services, and their database made by the script that we ship. */
export type Spread = {
  hosts: Hosts
  token: string
  secret: string
  /** One for each host of services, then one for each proxy. */
  processes: Child[]
  /** Settings of a service's host, as its `.env` would hold them. */
  settings: Settings
  /** Starts one more process of a part; `say` what differs from the others. */
  serve(host: Host, part: 'services' | 'proxy', but?: Settings): Promise<Child>
  /** Ends the (first) proxy and starts it with other settings. */
  replaceProxy(but: Settings): Promise<void>
}

/**
 * @param proxyPort where proxies listen: 80 for want of an nginx before them, 3000 behind one
 * @param but settings that differ: of services, of proxies
 */
export async function spread(
  trial: Trial,
  hosts: Hosts,
  {
    proxyPort = 80,
    but = {},
  }: { proxyPort?: number; but?: { services?: Settings; proxy?: Settings } } = {},
): Promise<Spread> {
  const databases = makeDatabase(hosts)
  const common: Settings = {
    HOST: '::',
    COLONNADE_DATA: '/var/lib/colonnade',
    COLONNADE_SECRET: trial.secret,
    COLONNADE_API_TOKEN: trial.token,
    LOG_LEVEL: 'warn',
  }
  const settings: Settings = {
    ...common,
    ...databases,
    PORT: '3001',
    PROXY_URL: hosts.proxies.map(({ v4 }) => `http://${v4}:${proxyPort}`).join(','),
    ...but.services,
  }
  const addresses = hosts.services.map(({ v4 }) => `http://${v4}:3001`).join(',')
  const forProxy: Settings = {
    ...common,
    ...Object.fromEntries(serviceNames.map((name) => [`${name.toUpperCase()}_URL`, addresses])),
    PORT: String(proxyPort),
    ...but.proxy,
  }
  const run = async (host: Host, args: readonly string[]) => {
    const child = host.start([...colonnade, ...args], { env: settings, cwd: root })
    if ((await child.ended) !== 0) throw new Error(`${args.join(' ')}:\n${child.output()}`)
  }
  await run(hosts.service, ['import', writeSmallCourse(join(trial.data('course'), 'course'))])
  const serve: Spread['serve'] = async (host, part, also = {}) => {
    const env = { ...(part === 'proxy' ? forProxy : settings), ...also }
    const parts = part === 'proxy' ? ['proxy'] : serviceNames
    const child = host.start([...colonnade, 'serve', ...parts], { env, cwd: root })
    await eventually(async () => {
      if (!child.alive()) return
      host.run(['curl', '-sf', '-m', '2', `http://127.0.0.1:${env.PORT}/readyz`])
    }, 60_000)
    if (!child.alive()) throw new Error(`${part} on ${host.name} ended:\n${child.output()}`)
    return child
  }
  const processes = [
    ...(await Promise.all(hosts.services.map((host) => serve(host, 'services')))),
    ...(await Promise.all(hosts.proxies.map((host) => serve(host, 'proxy')))),
  ]
  let proxy = processes[hosts.services.length]
  const replaceProxy: Spread['replaceProxy'] = async (also) => {
    await proxy?.end('SIGTERM')
    proxy = await serve(hosts.proxy, 'proxy', also)
  }
  const { token, secret } = trial
  return { hosts, token, secret, processes, settings, serve, replaceProxy }
}

/** Runs the database host's script there, and brings what it made to the services. @returns its addresses */
function makeDatabase({ database, services }: Hosts): Settings {
  const allow = services.flatMap(({ v4, v6 }) => [v4, v6]).join(',')
  database.sh(
    `${root}/ops/deploy/postgres/setup.sh --listen ${database.v4},${database.v6} --allow ${allow} --data /var/lib/colonnade-db >&2`,
  )
  const authority = database.run(['cat', '/etc/colonnade/postgres-ca.crt'])
  for (const service of services) {
    service.sh('mkdir -p /etc/colonnade; cat >/etc/colonnade/postgres-ca.crt', { input: authority })
  }
  const lines = database.run(['cat', '/etc/colonnade/database.env']).matchAll(/^(\w+)='(.*)'$/gm)
  return Object.fromEntries([...lines].map(([, name = '', url = '']) => [name, url]))
}
