import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'

/** Says where a request came from. */
export type AddressOf = (req: IncomingMessage) => string

/**
 * Whose `X-Forwarded-For` is believed: a request from one of `trusted` came from the last address in that header that
 * is none of them. Anybody else's header is ignored, since anybody can write one.
 * @param trusted addresses and networks, such as `10.0.0.7` or `fd00::/8`
 * @throws RangeError naming the entry that is neither
 */
export function clientAddresses(trusted: readonly string[]): AddressOf {
  const list = new BlockList()
  for (const entry of trusted) {
    const [address = '', length] = entry.split('/')
    const version = isIP(address)
    const most = version === 6 ? 128 : 32
    const bits = length === undefined ? most : Number(length)
    if (version === 0 || !Number.isInteger(bits) || bits < 0 || bits > most) {
      throw new RangeError(`${entry} is no address or network, such as 10.0.0.7 or fd00::/8`)
    }
    list.addSubnet(address, bits, version === 6 ? 'ipv6' : 'ipv4')
  }
  const isTrusted = (address: string) =>
    isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')

  return (req) => {
    const peer = plain(req.socket.remoteAddress ?? '')
    const forwarded = req.headers['x-forwarded-for']
    if (trusted.length === 0 || forwarded === undefined || !isTrusted(peer)) return peer
    const chain = String(forwarded)
      .split(',')
      .map((one) => plain(one.trim()))
    // From the nearest hop outwards: each trusted one vouches for the one before it.
    for (const address of chain.reverse()) {
      if (isIP(address) === 0) return peer
      if (!isTrusted(address)) return address
    }
    return peer
  }
}

/** IPv4 in IPv6's clothes is one address, not two. */
const plain = (address: string) => (address.startsWith('::ffff:') ? address.slice(7) : address)
