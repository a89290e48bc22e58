import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { clientAddresses } from './client-address.ts'

function requestFrom(peer: string, forwarded?: string): IncomingMessage {
  const socket = new Socket()
  Object.defineProperty(socket, 'remoteAddress', { value: peer })
  const req = new IncomingMessage(socket)
  if (forwarded !== undefined) req.headers['x-forwarded-for'] = forwarded
  return req
}

const trusted = ['10.0.0.0/8', 'fd00::/8', '192.0.2.9']

test.each([
  ['a stranger’s header is not believed', '198.51.100.1', '203.0.113.5', '198.51.100.1'],
  ['a trusted one’s is', '10.1.2.3', '203.0.113.5', '203.0.113.5'],
  ['in IPv6’s clothes too', '::ffff:10.1.2.3', '203.0.113.5', '203.0.113.5'],
  ['what a stranger wrote in front is not', '10.1.2.3', '1.1.1.1, 203.0.113.5', '203.0.113.5'],
  ['trusted hops are passed over', '10.1.2.3', '203.0.113.5, 192.0.2.9, fd00::7', '203.0.113.5'],
  ['no header, no change', '10.1.2.3', undefined, '10.1.2.3'],
  ['nonsense ends the search', '10.1.2.3', 'unknown', '10.1.2.3'],
  ['only trusted ones: the nearest', '10.1.2.3', '10.9.9.9', '10.1.2.3'],
])('%s', (_, peer, forwarded, expected) => {
  expect(clientAddresses(trusted)(requestFrom(peer, forwarded))).toBe(expected)
})

test.each(['nonsense', '10.0.0.0/33', 'fd00::/129', '10.0.0.0/x', ''])(
  'an entry that is no network is refused: %s',
  (entry) => {
    expect(() => clientAddresses([entry])).toThrow(RangeError)
  },
)
