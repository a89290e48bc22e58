import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { listen } from './server.ts'

test('who asks again before the answer is served one after the other, in order', async () => {
  let now = 0
  let most = 0
  const server = await listen({
    port: 0,
    host: '127.0.0.1',
    async fetch(request) {
      now++
      most = Math.max(most, now)
      const body = await request.text()
      await delay(20)
      now--
      return new Response(`${new URL(request.url).pathname}${body};`)
    },
  })
  const socket = connect(server.port, '127.0.0.1')
  const post = 'POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody'
  const last = 'GET /c HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
  socket.write(`GET /a HTTP/1.1\r\nHost: a\r\n\r\n${post}${last}`)
  let text = ''
  socket.setEncoding('utf8').on('data', (part) => {
    text += part
  })
  await once(socket, 'close')
  expect(text.match(/\/[abc]\w*;/g)).toEqual(['/a;', '/bbody;', '/c;'])
  expect(most).toBe(1)
  await server.close()
})

const done = async () => new Response('done')

/**
 * Clients that come all at once. @returns for each, how often the loop turned until it had its answer; rejects where one
 * has none
 */
async function come(port: number, count: number): Promise<number[]> {
  let turns = 0
  let open = true
  const turn = () => {
    turns++
    if (open) setImmediate(turn)
  }
  const clients = Array.from({ length: count }, () => connect(port, '127.0.0.1'))
  for (const client of clients) {
    client.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  }
  setImmediate(turn)
  const waited = await Promise.all(
    clients.map(async (client) => {
      const [answer] = await once(client, 'data')
      expect(String(answer)).toMatch(/^HTTP\/1.1 200 /)
      return turns
    }),
  )
  open = false
  return waited
}

/** A crowded server, once all of its listeners are there. */
async function openCrowded(fetch: () => Promise<Response>) {
  const server = await listen({ port: 0, host: '127.0.0.1', crowded: true, fetch })
  while (Math.max(...(await come(server.port, 40))) > 20) await delay(10)
  return server
}

test('a crowded server takes in several newcomers in each turn of the loop', async () => {
  const plain = await listen({ port: 0, host: '127.0.0.1', fetch: done })
  expect(Math.max(...(await come(plain.port, 100)))).toBeGreaterThanOrEqual(100)
  await plain.close()
  const crowded = await openCrowded(done)
  expect(Math.max(...(await come(crowded.port, 100)))).toBeLessThan(50)
  await crowded.close()
})

test('newcomers are answered while listeners are added', async () => {
  const server = await listen({ port: 0, host: '127.0.0.1', crowded: true, fetch: done })
  for (let i = 0; i < 50; i++) {
    await come(server.port, 10)
    await delay(5)
  }
  await server.close()
})

// One of the two did not come in through the server's own listener, which the server waits for by itself.
test.each([
  { last: 'first', msOf: (place: number) => 500 - 10 * place },
  { last: 'last', msOf: (place: number) => 100 + 10 * place },
])('a crowded server has closed when whoever came $last is answered too', async ({ msOf }) => {
  let slow = false
  let begun = 0
  let answered = 0
  const server = await openCrowded(async () => {
    if (!slow) return await done()
    await delay(msOf(begun++))
    answered++
    return await done()
  })
  slow = true
  const all = come(server.port, 40)
  while (begun < 40) await delay(1)
  await server.close()
  expect(answered).toBe(40)
  await all
  await expect(once(connect(server.port, '127.0.0.1'), 'connect')).rejects.toThrow('ECONNREFUSED')
})

test('a crowded server that closes at once leaves nothing behind', async () => {
  const server = await listen({ port: 0, host: '127.0.0.1', crowded: true, fetch: done })
  await server.close()
  await expect(once(connect(server.port, '127.0.0.1'), 'connect')).rejects.toThrow('ECONNREFUSED')
  const again = await listen({ port: server.port, host: '127.0.0.1', fetch: done })
  await come(again.port, 1)
  await again.close()
})
