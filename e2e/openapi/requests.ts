import fc from 'fast-check'
import type { Document, Endpoint, Parameter, Schema } from './document.ts'
import { anyText, valueOf } from './values.ts'

/** A request as generated. `pick` chooses among the ids that earlier answers gave. */
export type Generated = {
  pick: number
  path: Record<string, unknown>
  query: Record<string, unknown>
  headers: Record<string, string | undefined>
  token: 'right' | 'wrong' | 'none'
  body: { type: string | undefined; bytes: Uint8Array<ArrayBuffer> | undefined }
}

/** Requests for an endpoint: most as documented, some with something wrong in one place or in all. */
export function requestsFor(endpoint: Endpoint, document: Document): fc.Arbitrary<Generated> {
  const lookup = (ref: string): Schema =>
    document.components?.schemas?.[ref.split('/').at(-1) ?? ''] ?? {}
  const { parameters = [], requestBody } = endpoint.operation
  const placed = (place: Parameter['in']) => parameters.filter((one) => one.in === place)
  const record = (some: Parameter[], optional: boolean) =>
    fc.record(
      Object.fromEntries(
        some.map(({ name, schema }) => [
          name,
          fc.oneof({ weight: 6, arbitrary: valueOf(schema, lookup) }, anyText),
        ]),
      ),
      optional ? { requiredKeys: [] } : {},
    )
  return fc.record({
    pick: fc.nat(1000),
    path: record(placed('path'), false),
    query: record(placed('query'), true),
    headers: fc.record(
      Object.fromEntries(placed('header').map(({ name }) => [name, headerValue(name)])),
      { requiredKeys: [] },
    ),
    token: fc.oneof(
      { weight: 20, arbitrary: fc.constant('right' as const) },
      fc.constantFrom('wrong' as const, 'none' as const),
    ),
    body: requestBody ? bodyOf(requestBody.content, lookup) : fc.constant(noBody),
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
  lookup: (ref: string) => Schema,
): fc.Arbitrary<Generated['body']> {
  const types = Object.keys(content)
  const json = types.includes('application/json')
  const encode = (value: unknown) => new Uint8Array(Buffer.from(JSON.stringify(value) ?? ''))
  const raw = fc.uint8Array({ maxLength: 200 }).map((bytes) => new Uint8Array(bytes))
  const asJson = valueOf(content['application/json']?.schema, lookup).map(encode)
  const type = fc.constantFrom(...types)
  const wrongType = fc.constantFrom(
    'text/plain',
    'multipart/form-data',
    'application/x-nothing',
    '',
  )
  return fc.oneof(
    { weight: 16, arbitrary: fc.record({ type, bytes: json ? asJson : raw }) },
    { weight: 1, arbitrary: fc.record({ type: wrongType, bytes: json ? asJson : raw }) },
    { weight: 1, arbitrary: fc.record({ type, bytes: raw }) },
    { weight: 1, arbitrary: fc.record({ type, bytes: fc.constant(undefined) }) },
  )
}
