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
