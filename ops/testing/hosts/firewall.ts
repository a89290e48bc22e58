import type { Host } from './host.ts'

/** Who may reach a port: any address, or hosts by their place on the network. */
export type Rule = { port: number; from: 'anywhere' | readonly Pick<Host, 'v4' | 'v6'>[] }

/**
 * Gives a host rules of nftables that stand for a cloud's security group: what is not named is dropped in silence; what belongs to a
 * conversation that the host itself began, its own loopback, and what IPv6 needs to find neighbours pass.
 */
export function allow(host: Host, rules: readonly Rule[]): void {
  const lines = rules.flatMap(({ port, from }) =>
    from === 'anywhere'
      ? [`tcp dport ${port} accept`]
      : [
          `ip saddr { ${from.map(({ v4 }) => v4).join(', ')} } tcp dport ${port} accept`,
          `ip6 saddr { ${from.map(({ v6 }) => v6).join(', ')} } tcp dport ${port} accept`,
        ],
  )
  const text = `
table inet security_group
delete table inet security_group
table inet security_group {
  chain input {
    type filter hook input priority 0; policy drop;
    iif lo accept
    ct state established,related accept
    meta l4proto { icmp, ipv6-icmp } accept
    ${lines.join('\n    ')}
  }
}
`
  host.run(['nft', '-f', '-'], { input: text })
}
