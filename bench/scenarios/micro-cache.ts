import { spawnSync } from 'node:child_process'
import { slug } from '../../ops/testing/course-page.ts'
import type { Host } from '../../ops/testing/hosts/host.ts'
import { Nginx } from '../../ops/testing/hosts/nginx.ts'
import { type Bench, judged, median, perSecond, type Scenario, skipped, told } from '../scenario.ts'
import { overHosts } from './spread.ts'

const least = 0.8

/** The course page through our nginx file, against the same nginx that sends the same bytes from a file. */
export const microCache: Scenario = {
  name: 'micro-cache',
  about:
    'course page through nginx with its second of cache, against nginx with the same bytes as a file',
  async run(bench: Bench) {
    const why =
      Nginx.missing() ??
      (spawnSync('wrk', ['--version']).error ? 'wrk is missing: sudo ops/debian.sh' : undefined)
    const opened = why ?? (await overHosts(bench, { proxyPort: 3000 }))
    if (typeof opened === 'string') {
      return { figures: [skipped('micro-cache', opened)], plots: [], details: {} }
    }
    const { client, proxy } = opened.hosts
    const bytes = await serveBoth(proxy)
    const rounds: { ours: number; file: number }[] = []
    for (let round = 1; round <= (bench.quick ? 1 : 5); round++) {
      const seconds = bench.quick ? 2 : 6
      const ours = ask(client, `http://${proxy.v4}:80/learn/${slug}`, seconds)
      const file = ask(client, `http://${proxy.v4}:80/as-a-file`, seconds)
      rounds.push({ ours, file })
      bench.say(`  round ${round}: micro-cache ${perSecond(ours)}, file ${perSecond(file)}`)
    }
    await opened.close()
    const ours = median(rounds.map((round) => round.ours))
    const file = median(rounds.map((round) => round.file))
    const ratio = ours / file
    return {
      figures: [
        judged(
          ratio >= least,
          'Course page through nginx’ second of cache ÷ nginx with a file',
          `≥ ${least}`,
          `${ratio.toFixed(2)} × (${perSecond(ours)})`,
          perSecond(file),
        ),
        told(
          '  bytes of its body (br); asked by wrk on 64 connections, without TLS',
          String(bytes),
        ),
      ],
      plots: [],
      details: { bytes, rounds },
    }
  },
}

/** Our file, but for TLS, which would cost both sides the same; and beside it the page as a file. @returns its bytes */
async function serveBoth(proxy: Host): Promise<number> {
  const nginx = new Nginx(proxy)
  nginx.proxy('learn.test', ['127.0.0.1:3000'])
  proxy.sh(`
    mkdir -p /srv/page
    curl -sf -H 'Accept-Encoding: br' http://127.0.0.1:3000/learn/${slug} >/srv/page/as-a-file
    cd /etc/nginx/conf.d
    sed -i -e '/^# Plain HTTP leads/,/^}/d' -e 's/443 ssl http2/80/' -e '/ssl_/d' colonnade.conf
    sed -i 's|^    location / {$|    location = /as-a-file { root /srv/page; default_type text/html; add_header Content-Encoding br; }\\n&|' \\
      colonnade.conf`)
  await nginx.start()
  return Number(proxy.run(['stat', '-c', '%s', '/srv/page/as-a-file']))
}

/** Requests a second, as many as there can be. @throws when one failed */
function ask(client: Host, url: string, seconds: number): number {
  const said = client.run(['wrk', '-t1', '-c64', `-d${seconds}s`, '-H', 'Accept-Encoding: br', url])
  if (/Non-2xx|Socket errors/.test(said)) throw new Error(said)
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(said)?.[1])
}
