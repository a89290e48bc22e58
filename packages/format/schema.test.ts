import { describe, expect, test } from 'vitest'
import { schemaFiles } from './schema.ts'

describe('the JSON schemas of colonnade/*.yaml', () => {
  // `npx vitest run packages/format/schema.test.ts -u` writes them again
  test.each([...schemaFiles()])('%s is current', async (name, text) => {
    await expect(text).toMatchFileSnapshot(`./schema/${name}`)
  })

  test('authors may leave out what is optional', () => {
    const people: unknown = JSON.parse(schemaFiles().get('people.json') ?? '')
    expect(people).toMatchObject({ items: { required: ['key', 'firstName', 'lastName'] } })
  })
})
