import fc from 'fast-check'
import type { Document, Endpoint, Parameter, Schema } from './document.ts'
import { anyText, type Making, valueOf } from './values.ts'

/** A request as generated. `pick` chooses among the ids that earlier answers gave. */
export type Generated = {
  pick: number
  path: Record<string, unknown>
  query: Record<string, unknown>
  headers: Record<string, string | undefined>
  token: 'right' | 'wrong' | 'none'
  body: { type: string | undefined; bytes: Uint8Array<ArrayBuffer> | undefined }
}

/** Requests for an endpoint: half of them as documented, half with something wrong in one place or in many. */
export function requestsFor(endpoint: Endpoint, document: Document): fc.Arbitrary<Generated> {
  const lookup = (ref: string): Schema =>
    document.components?.schemas?.[ref.split('/').at(-1) ?? ''] ?? {}
  const made = (wild: boolean) => requests(endpoint, { wild, lookup })
  return fc.oneof(made(false), made(true))
}

function requests({ operation }: Endpoint, making: Making): fc.Arbitrary<Generated> {
  const { parameters = [], requestBody } = operation
  const placed = (place: Parameter['in']) => parameters.filter((one) => one.in === place)
  const valueFor = ({ schema }: Parameter) => {
    const value = valueOf(schema, making)
    return making.wild ? fc.oneof({ weight: 6, arbitrary: value }, anyText) : value
  }
  const record = (some: Parameter[], constraints: { requiredKeys?: [] }) =>
    fc.record(Object.fromEntries(some.map((one) => [one.name, valueFor(one)])), constraints)
  const token = fc.constantFrom('right' as const, 'wrong' as const, 'none' as const)
  return fc.record({
    pick: fc.nat(1000),
    path: record(placed('path'), {}),
    query: record(placed('query'), { requiredKeys: [] }),
    headers: fc.record(
      Object.fromEntries(placed('header').map(({ name }) => [name, headerValue(name)])),
      { requiredKeys: [] },
    ),
    token: making.wild
      ? fc.oneof({ weight: 10, arbitrary: fc.constant('right' as const) }, token)
      : fc.constant('right' as const),
    body: requestBody ? bodyOf(requestBody.content, making) : fc.constant(noBody),
  })
}

const noBody: Generated['body'] = { type: undefined, bytes: undefined }

/** Visible ASCII, as headers are; a version that exists often enough. */
function headerValue(name: string): fc.Arbitrary<string> {
  const ascii = fc.string({ minLength: 1, maxLength: 30 }).map((text) => text.trim() || 'x')
  if (!/^if-/i.test(name)) return fc.oneof(fc.uuid(), ascii)
  return fc.oneof(fc.constantFrom('"1"', '"2"', '1', 'W/"1"', '*', '"0"', '"-1"', '""'), ascii)
}

function bodyOf(
  content: Record<string, { schema?: Schema }>,
  making: Making,
): fc.Arbitrary<Generated['body']> {
  const types = Object.keys(content)
  const json = types.includes('application/json')
  const encode = (value: unknown) => new Uint8Array(Buffer.from(JSON.stringify(value) ?? ''))
  const raw = fc.uint8Array({ maxLength: 200 }).map((bytes) => new Uint8Array(bytes))
  const asJson = valueOf(content['application/json']?.schema, making).map(encode)
  const type = fc.constantFrom(...types)
  const wrongType = fc.constantFrom(
    'text/plain',
    'multipart/form-data',
    'application/x-nothing',
    '',
  )
  const documented = fc.record({ type, bytes: json ? asJson : raw })
  if (!making.wild) return documented
  return fc.oneof(
    { weight: 12, arbitrary: documented },
    { weight: 1, arbitrary: fc.record({ type: wrongType, bytes: json ? asJson : raw }) },
    { weight: 1, arbitrary: fc.record({ type, bytes: raw }) },
    { weight: 1, arbitrary: fc.record({ type, bytes: fc.constant(undefined) }) },
  )
}
