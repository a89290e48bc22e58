import { z } from 'zod'
import { extensionFiles } from './extensions.ts'

/** The JSON schemas of `colonnade/*.yaml`, by the name of the file they are kept in. */
export function schemaFiles(): Map<string, string> {
  return new Map(
    Object.entries(extensionFiles).map(([name, schema]) => {
      const json = z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12' })
      return [`${name}.json`, `${JSON.stringify(json, null, 2)}\n`]
    }),
  )
}
