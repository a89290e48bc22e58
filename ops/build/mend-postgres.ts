import type { Plugin } from 'vite'

/**
 * The driver gathers small writes until the end of a turn. When its connection dies in between, 3.4.9 writes to no
 * socket, which ends the process, or never writes on that connection again, which hangs every query given to it
 * (porsager/postgres issues 1066, 1154, 1208, pull requests 1168, 1209). Here such a write fails as one to a closed
 * connection, and a connection that closes forgets what it gathered.
 *
 * A new connection asks for the types of arrays, and nobody hears when that fails: one that broke just then ended the
 * process. What waits for the connection is tried on another, so there is nothing to do about it.
 *
 * Rows of a COPY that come faster than they are read make the socket wait until somebody reads on. Where the end of the
 * COPY comes with its last rows nobody reads on, and the next query on that connection waited for ever.
 */
const mends: [broken: string, times: number, mended: string][] = [
  [
    '    const x = socket.write(chunk, fn)\n',
    1,
    `    if (!socket) {
      forgetWrite()
      const gone = Errors.connection('CONNECTION_CLOSED', options)
      query && queryError(query, gone)
      query = null
      while (sent.length)
        queryError(sent.shift(), gone)
      return false
    }
    const x = socket.write(chunk, fn)
`,
  ],
  ['        return fetchArrayTypes()\n', 1, '        return fetchArrayTypes().catch(() => {})\n'],
  ['    clearImmediate(nextWriteTimer)\n', 2, '    forgetWrite()\n'],
  [
    '  function nextWrite(fn) {\n',
    1,
    `  function forgetWrite() {
    nextWriteTimer !== null && clearImmediate(nextWriteTimer)
    chunk = nextWriteTimer = null
  }

  function nextWrite(fn) {
`,
  ],
  [
    '    stream && stream.push(null)\n    stream = null\n',
    1,
    '    stream && stream.push(null)\n    stream = null\n    socket.resume()\n',
  ],
]

/** @throws when the driver is no longer as we know it */
export function mendDriver(code: string): string {
  return mends.reduce((mended, [broken, times, whole]) => {
    if (mended.split(broken).length - 1 === times) return mended.replaceAll(broken, whole)
    throw new Error(
      'The Postgres driver has changed: see whether ops/build/mend-postgres.ts is still needed.',
    )
  }, code)
}

/** Mends the driver where it is bundled. */
export const mendPostgres: Plugin = {
  name: 'mend-postgres',
  transform: {
    filter: { id: /\/node_modules\/postgres\/src\/connection\.js$/ },
    handler: (code) => ({ code: mendDriver(code), map: null }),
  },
}
