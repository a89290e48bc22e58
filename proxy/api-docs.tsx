import { Disclosure, defaultLanguage, renderHtml, Section, translator } from '@colonnade/ui'
import type { ReactElement } from 'react'
import { z } from 'zod'
import { shell } from './shell.tsx'
import type { Site } from './site.ts'

const described = z.object({ description: z.string().optional() })
const parameter = z.object({
  name: z.string(),
  in: z.string(),
  required: z.boolean().optional(),
  description: z.string().optional(),
  schema: z.record(z.string(), z.unknown()).optional(),
})
const content = z.record(z.string(), z.object({ schema: z.unknown() }))
const operation = z.object({
  operationId: z.string(),
  summary: z.string(),
  description: z.string().optional(),
  tags: z.array(z.string()),
  security: z.array(z.unknown()).optional(),
  'x-scope': z.string().optional(),
  parameters: z.array(parameter).optional(),
  requestBody: z.object({ content }).optional(),
  responses: z.record(z.string(), described.extend({ content: content.optional() })),
})
const documentShape = z.object({
  info: z.object({ title: z.string(), description: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), operation)),
})

type Operation = z.infer<typeof operation> & { method: string; path: string }

/** The reference page: the OpenAPI document, to be read. */
export function apiDocs(site: Site, document: object): string[] {
  const { info, paths } = documentShape.parse(document)
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => ({ ...one, method, path })),
  )
  const tags = [...new Set(operations.flatMap((one) => one.tags))].sort()
  const main = renderHtml(
    <>
      <div className="wrap">
        <h1>API</h1>
        <p className="lead">{info.description}</p>
        <p>
          <a href="/api/openapi.json">OpenAPI 3.1 document</a>
        </p>
      </div>
      {tags.map((tag) => (
        <Section key={tag} id={`api-${tag.toLowerCase().replace(/[^a-z]+/g, '-')}`} title={tag}>
          {operations
            .filter((one) => one.tags[0] === tag)
            .map((one) => (
              <Reference key={one.operationId} operation={one} />
            ))}
        </Section>
      ))}
    </>,
  )
  return shell({
    site,
    lang: defaultLanguage,
    path: '/api/docs',
    query: '',
    page: 'api',
    meta: { title: translator(defaultLanguage).t('shell.api'), description: info.title },
    assets: [],
    main: [main],
  })
}

function Reference({ operation: one }: { operation: Operation }): ReactElement {
  const scope = one['x-scope']
  const needsToken = (one.security ?? []).length > 0
  return (
    <Disclosure
      id={one.operationId}
      level={3}
      title={
        <>
          {`${one.method.toUpperCase()} ${one.path.replaceAll('/', '/\u200b')}`}
          <br />
          <span className="quiet small">{one.summary}</span>
        </>
      }
    >
      {one.description && one.description !== one.summary ? <p>{one.description}</p> : null}
      {needsToken && scope ? (
        <p>
          Needs a token: Authorization: Bearer …, one with the scope <code>{scope}</code> or the
          operator’s.
        </p>
      ) : null}
      {needsToken && !scope ? <p>Needs the operator’s token: Authorization: Bearer …</p> : null}
      {one.parameters?.length ? (
        <>
          <h4>Parameters</h4>
          <ul>
            {one.parameters.map((each) => (
              <li key={each.in + each.name}>
                <code>{each.name}</code> ({each.in}
                {each.required ? ', required' : ''}) {each.description}
              </li>
            ))}
          </ul>
        </>
      ) : null}
      {one.requestBody ? <Schemas title="Body" content={one.requestBody.content} /> : null}
      <h4>Answers</h4>
      <dl>
        {Object.entries(one.responses).map(([status, answer]) => (
          <div key={status}>
            <dt>{status}</dt>
            <dd>
              {answer.description}
              {answer.content && Number(status) < 300 ? (
                <Schemas title={`Schema of ${status}`} content={answer.content} />
              ) : null}
            </dd>
          </div>
        ))}
      </dl>
    </Disclosure>
  )
}

function Schemas(props: { title: string; content: z.infer<typeof content> }): ReactElement {
  return (
    <>
      {Object.entries(props.content).map(([type, { schema }]) => (
        <figure key={type}>
          <figcaption>
            {props.title}, {type}
          </figcaption>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <pre tabIndex={0}>
            <code>{JSON.stringify(schema, null, 2)}</code>
          </pre>
        </figure>
      ))}
    </>
  )
}
