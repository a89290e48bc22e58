import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../root.ts'
import { eventually } from '../colonnade.ts'
import type { Host } from './host.ts'

const configure = join(root, 'ops/deploy/nginx/configure.sh')

/** Debian's nginx on a host, with our files. */
export class Nginx {
  constructor(private readonly host: Host) {}

  /** Writes a certificate for `name` that nobody else trusts, and fills in proxy.conf. */
  proxy(name: string, servers: readonly string[]): void {
    this.host.sh(
      `mkdir -p /etc/colonnade
      test -e /etc/colonnade/tls.key || openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \\
        -subj "/CN=${name}" -addext "subjectAltName=DNS:${name}" \\
        -keyout /etc/colonnade/tls.key -out /etc/colonnade/tls.crt 2>/dev/null
      rm -f /etc/nginx/sites-enabled/default
      ${configure} proxy --name ${name} --certificate /etc/colonnade/tls.crt --key /etc/colonnade/tls.key \\
        ${servers.join(' ')} >/etc/nginx/conf.d/colonnade.conf`,
    )
  }

  services(servers: readonly string[]): void {
    this.host.sh(
      `${configure} services ${servers.join(' ')} >/etc/nginx/conf.d/colonnade-services.conf`,
    )
  }

  /** Starts it as Debian does, and waits until its workers are there. */
  async start(): Promise<void> {
    this.host.sh('nginx -t && nginx')
    await eventually(async () => this.host.run(['test', '-s', '/run/nginx.pid']))
  }

  /** What it takes to read changed files. */
  reload(): void {
    this.host.run(['nginx', '-s', 'reload'])
  }

  certificate(): string {
    return this.host.run(['cat', '/etc/colonnade/tls.crt'])
  }

  /** Whether this machine has it. */
  static missing(): string | undefined {
    try {
      readFileSync('/usr/sbin/nginx')
      return undefined
    } catch {
      return 'nginx is missing: sudo ops/debian.sh'
    }
  }
}
