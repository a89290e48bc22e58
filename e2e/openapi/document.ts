/** As much of OpenAPI 3.1 as the tests read. */
export type Schema = {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  format?: string
  pattern?: string
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
}

export type Parameter = {
  name: string
  in: 'path' | 'query' | 'header'
  required?: boolean
  schema?: Schema
}

type Content = Record<string, { schema?: Schema }>

export type Operation = {
  operationId: string
  security?: object[]
  parameters?: Parameter[]
  requestBody?: { content: Content }
  responses: Record<string, { content?: Content }>
}

export type Document = {
  paths: Record<string, Record<string, Operation>>
  components?: { schemas?: Record<string, Schema> }
}

export type Endpoint = { method: string; path: string; operation: Operation }

// What takes away comes last, and what takes away most at the very end.
const order = ['get', 'post', 'put', 'delete']
const weight = ({ method, path }: Endpoint) =>
  order.indexOf(method) * 10 + (method === 'delete' && !path.includes('{') ? 5 : 0)

/** Every endpoint of a document, in an order in which there is something to read, change and take away. */
export function listEndpoints(document: Document): Endpoint[] {
  return Object.entries(document.paths)
    .flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => ({ method, path, operation })),
    )
    .sort((a, b) => weight(a) - weight(b))
}
