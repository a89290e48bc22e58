import { setTimeout as delay } from 'node:timers/promises'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { Document, Endpoint } from './document.ts'
import type { Generated } from './requests.ts'

const mostTries = 5

/**
 * Asks again when it is told that there is too much to do now, as a client should: that a machine is busy is no fault
 * of the answer. What is refused every time is.
 */
async function askUntilTaken(address: string, init: RequestInit): Promise<Response> {
  for (let tries = 1; ; tries++) {
    const response = await fetch(address, { ...init, signal: AbortSignal.timeout(30_000) })
    const seconds = Number(response.headers.get('retry-after'))
    if (response.status !== 503 || !seconds || tries === mostTries) return response
    await response.body?.cancel()
    await delay(seconds * 1000)
  }
}

const escaped = (part: string) => part.replaceAll('~', '~0').replaceAll('/', '~1')
const pointer = (...parts: string[]) =>
  `document#/${parts.map((part) => encodeURIComponent(escaped(part))).join('/')}`

/** Sends generated requests and says where an answer is not as the document has it. */
export class Contract {
  readonly #ajv = new Ajv2020({ strict: false, validateFormats: false })
  readonly #checks = new Map<string, ValidateFunction>()
  /** Ids that answers have given, for later requests to name. */
  readonly #ids = new Map<string, string[]>()

  constructor(
    private readonly origin: string,
    private readonly token: string,
    readonly document: Document,
  ) {
    this.#ajv.addSchema(document, 'document')
  }

  /** @returns what is wrong with the answer; undefined when nothing is */
  async fault(endpoint: Endpoint, generated: Generated): Promise<string | undefined> {
    const address = this.#addressOf(endpoint, generated)
    if (address === undefined) return undefined
    const { body, token } = generated
    const response = await askUntilTaken(address, {
      method: endpoint.method.toUpperCase(),
      redirect: 'manual',
      headers: {
        ...defined(generated.headers),
        ...(body.type ? { 'Content-Type': body.type } : {}),
        ...(token === 'none'
          ? {}
          : { Authorization: `Bearer ${token === 'right' ? this.token : 'no'}` }),
      },
      ...(body.bytes ? { body: body.bytes } : {}),
    })
    const text = await response.text()
    const wrong = this.#compare(endpoint, response, text)
    if (!wrong && response.ok) this.#remember(endpoint, text)
    return (
      wrong &&
      `${describe(endpoint, address, generated)}\n  ${response.status}: ${wrong}: ${text.slice(0, 300)}`
    )
  }

  #compare(
    { method, path, operation }: Endpoint,
    response: Response,
    text: string,
  ): string | undefined {
    const status = String(response.status)
    if (response.status >= 500) return 'nothing may answer so while everything runs'
    const documented = operation.responses[status]
    if (!documented) return 'this status is not documented'
    if (!documented.content) {
      return text && response.status !== 200 ? 'no body is documented' : undefined
    }
    const type = response.headers.get('content-type')?.split(';')[0] ?? ''
    if (!(type in documented.content)) return `${type || 'no type'} is not documented`
    if (!type.endsWith('json')) return undefined
    const where = pointer('paths', path, method, 'responses', status, 'content', type, 'schema')
    let check = this.#checks.get(where)
    if (!check) {
      check = this.#ajv.compile({ $ref: where })
      this.#checks.set(where, check)
    }
    if (check(JSON.parse(text))) return undefined
    return this.#ajv.errorsText(check.errors, { dataVar: 'body' })
  }

  /** Undefined for what an address cannot hold as one segment: `fetch` would ask for another. */
  #addressOf({ path }: Endpoint, { pick, path: values, query }: Generated): string | undefined {
    const known = this.#ids.get(collectionOf(path)) ?? []
    let possible = true
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
      const text =
        pick % 3 > 0 && known.length > 0 ? known[pick % known.length] : asText(values[name])
      if (!text || text === '.' || text === '..') possible = false
      return encode(text ?? '')
    })
    const search = Object.entries(query).map(([name, value]) => `${name}=${encode(asText(value))}`)
    return possible
      ? `${this.origin}${filled}${search.length > 0 ? `?${search.join('&')}` : ''}`
      : undefined
  }

  #remember({ path }: Endpoint, text: string): void {
    if (!/^[{[]/.test(text)) return
    const answer: unknown = JSON.parse(text)
    const collection = wordsOf(path).at(-1) ?? ''
    const kept = this.#ids.get(collection) ?? []
    for (const id of idsIn(answer)) if (!kept.includes(id)) kept.push(id)
    this.#ids.set(collection, kept.slice(-60))
  }
}

const wordsOf = (path: string) => path.split('/').filter((part) => part && !part.startsWith('{'))

/** What the ids in an endpoint's address name: the word before them. */
const collectionOf = (path: string) => wordsOf(path.split('{')[0] ?? '').at(-1) ?? ''

/** Ids of a thing, of a list, or of a page of one. */
function idsIn(answer: unknown): string[] {
  if (Array.isArray(answer)) return answer.flatMap(idsIn)
  if (typeof answer !== 'object' || answer === null) return []
  if ('items' in answer) return idsIn(answer.items)
  return 'id' in answer ? [String(answer.id)] : []
}

function defined(headers: Generated['headers']): Record<string, string> {
  const entries = Object.entries(headers)
  return Object.fromEntries(entries.flatMap(([name, value]) => (value ? [[name, value]] : [])))
}

/** Enough to send it again by hand. */
function describe(
  { method }: Endpoint,
  address: string,
  { headers, token, body }: Generated,
): string {
  const sent = body.bytes ? Buffer.from(body.bytes).toString().slice(0, 500) : 'no body'
  return `${method} ${address} ${JSON.stringify(headers)} token ${token}, ${body.type ?? 'no type'}: ${sent}`
}

const asText = (value: unknown) =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
const encode = (text: string) => encodeURIComponent(text.toWellFormed())
