import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Server } from 'node:http'
import { Server as NetServer, Socket } from 'node:net'

/** How many newcomers a turn of the loop takes in. */
const count = 8

/**
 * Hands a listening socket back, `count` times, and whoever came in through it meanwhile, unread. Ends with its parent.
 */
const mirror = `
process.on('disconnect', () => process.exit())
process.once('message', (count, server) => {
  server.pauseOnConnect = true
  server.on('connection', (socket) => process.send('newcomer', socket))
  let sent = 0
  const onSent = () => {
    if (++sent < count) return
    server.close()
    process.send('done')
  }
  for (let i = 0; i < count; i++) process.send('listener', server, onSent)
})
`

/**
 * Lets a server take in several newcomers each time the loop turns. libuv accepts one connection a turn and listening
 * socket (since 1.45), so that under load, when a turn takes long, newcomers wait for seconds while those who are in
 * are served. Known to the loop several times, the same socket gives one each time. Only a socket that comes from
 * another process is known once more, so a small one hands it back. Comes into force some 50 ms later; where no process
 * can be started, all stays as it was.
 * @returns closes what was added, whose port is then free; the server's own stays
 */
export function addListeners(server: Server): () => Promise<void> {
  const added: NetServer[] = []
  let closed = false
  const child = spawn(process.execPath, ['--eval', mirror], {
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const take = (socket: Socket) => {
    socket.allowHalfOpen = true
    socket.setNoDelay(true)
    server.emit('connection', socket)
  }
  const ended = once(child, 'exit').catch(() => {})
  child.on('error', () => {})
  child.on('message', (_, handle) => {
    if (handle instanceof Socket) take(handle)
    else if (!(handle instanceof NetServer)) child.disconnect()
    else if (closed) handle.close()
    else added.push(handle.on('connection', take))
  })
  child.send(count - 1, server, () => {})
  return async () => {
    closed = true
    for (const listener of added) listener.close()
    if (child.kill('SIGKILL')) await ended
  }
}
