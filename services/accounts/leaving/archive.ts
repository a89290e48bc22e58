import { Readable } from 'node:stream'
import type { PersonalData } from '@colonnade/http'
import yazl from 'yazl'
import type { Keepers } from './keepers.ts'

export type Gathered = {
  site: string
  /** By service; accounts' own among them. */
  parts: ReadonlyMap<string, PersonalData>
  missing: readonly string[]
}

/**
 * A zip of one JSON file for each part and the files beside them, fetched one by one as they are read; `contents.json`
 * comes last and says what is missing.
 */
export function archiveOf({ site, parts, missing }: Gathered, keepers: Keepers): Readable {
  const zip = new yazl.ZipFile()
  const absent = [...missing]
  const add = (name: string, value: unknown) =>
    zip.addBuffer(Buffer.from(`${JSON.stringify(value, null, 2)}\n`), name)
  for (const [service, { data }] of parts) add(`${service}.json`, data)
  for (const [service, { files }] of parts) {
    const keeper = keepers.get(service)
    for (const { name, path } of keeper ? files : []) {
      zip.addReadStreamLazy(`${service}/${name}`, { compress: false }, (give) => {
        const failed = () => {
          absent.push(`${service}/${name}`)
          give(null, Readable.from([]))
        }
        keeper?.file(path).then((answer) => give(null, Readable.from(whole(answer))), failed)
      })
    }
  }
  const contents = { site, madeAt: new Date().toISOString(), parts: [...parts.keys()] }
  zip.addReadStreamLazy('contents.json', {}, (give) =>
    give(null, Readable.from([`${JSON.stringify({ ...contents, missing: absent }, null, 2)}\n`])),
  )
  zip.end()
  return Readable.from(zip.outputStream)
}

async function* whole(answer: Response): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(await answer.arrayBuffer())
}

/** As a web stream; giving it up ends what it is made of. */
export function toWeb(source: Readable): ReadableStream<Uint8Array> {
  const chunks: AsyncIterator<Uint8Array> = source[Symbol.asyncIterator]()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await chunks.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    async cancel() {
      await chunks.return?.()
    },
  })
}
