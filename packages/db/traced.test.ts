import { createServer, type IncomingMessage } from 'node:http'
import { testDatabase } from '@colonnade/testing'
import { nameRequest, openTracing, serving } from '@colonnade/watch'
import { expect, test } from 'vitest'
import { type Database, openDatabase } from './database.ts'

test('statements answer as they do untraced, whatever way they are run', async () => {
  const { url } = await testDatabase('nothing', async () => {})
  const plain = openDatabase({ url, name: 'plain' })
  const collector = createServer((_, res) => res.end()).listen(0, '127.0.0.1')
  const address = collector.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const tracing = await openTracing({
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` },
    service: 'test',
    onError: () => {},
  })
  const watched = openDatabase({ url, name: 'watched' })
  const expected = await allWays(plain)
  expect(expected.slice(0, 2)).toEqual([[{ sum: 3 }], [{ one: 1 }]])
  expect(await allWays(watched)).toEqual(expected)
  expect(await inSpan(() => allWays(watched))).toEqual(expected)
  await plain.close()
  await watched.close()
  await tracing.close()
  collector.closeAllConnections()
  collector.close()
})

async function allWays({ hot, work }: Database): Promise<unknown[]> {
  const part = hot`${1}::int + ${2}::int`
  return [
    [...(await hot`select ${part} as sum`)],
    [...(await work.unsafe('select 1 as one'))],
    await hot`select 1 as a`.values().then((rows) => [...rows]),
    [...(await hot`select * from (values ${hot([[1, 'x']])}) as v (n, t)`)],
    await work.begin(async (tx) => {
      await tx`create temporary table kept (n int) on commit drop`
      await tx`insert into kept ${tx([{ n: 1 }, { n: 2 }])}`
      await tx.savepoint(async (inner) => await inner`delete from kept where n = 1`)
      return (await tx`select n from kept`)[0]
    }),
    await work.begin((tx) => [tx`select 1 as a`, tx`select 2 as b`]).then((both) => both.flat()),
    await hot`select 1 / ${0}::int`.catch((error: { code: string }) => error.code),
    await work.begin('read only', (tx) => tx`select 1 as a`.then(([row]) => row)),
  ]
}

/** Runs something as a request under way would. */
async function inSpan<T>(run: () => Promise<T>): Promise<T> {
  return await new Promise<T>((resolve, reject) => {
    const server = createServer((req: IncomingMessage, res) => {
      serving(req, res, () => {
        nameRequest('/test')
        run()
          .then(resolve, reject)
          .finally(() => {
            res.end()
            server.close()
          })
      })
    }).listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address ? address.port : 0
      fetch(`http://127.0.0.1:${port}`).catch(reject)
    })
  })
}
