import fc from 'fast-check'
import type { Schema } from './document.ts'

/** Text that has broken programs: SQL, HTML, paths, NUL, half characters, directions, formats. */
const nasty = [
  '',
  ' ',
  "'; drop table course; --",
  "' or '1'='1",
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '../../../../etc/passwd',
  '..%2f..%2fetc%2fpasswd',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\u202eevil',
  '\ufeff',
  '👩‍👩‍👧‍👦',
  '%s%n%x',
  '$\u007b7*7}',
  '__proto__',
  'constructor',
  'null',
  'NaN',
  '-1',
  '1e309',
  '9007199254740993',
  '99999999999999999999999',
  'a'.repeat(5000),
]

export const anyText = fc.oneof(
  fc.constantFrom(...nasty),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 20 }),
)

const anyJson = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  anyText,
  fc.constantFrom(null, [], {}, 0, -1, 1.5, 2 ** 53, true),
)

/** How values are made: `wild` ones do not fit in one part of eight. `lookup` finds what a `$ref` names. */
export type Making = { wild: boolean; lookup(ref: string): Schema }

/** Values that a schema allows, or nearly. */
export function valueOf(schema: Schema | undefined, making: Making): fc.Arbitrary<unknown> {
  if (!schema) return anyJson
  const mostly = (fitting: fc.Arbitrary<unknown>) =>
    making.wild
      ? fc.oneof({ weight: 7, arbitrary: fitting }, { weight: 1, arbitrary: anyJson })
      : fitting
  if (schema.$ref) return valueOf(making.lookup(schema.$ref), making)
  if (schema.enum) return mostly(fc.constantFrom(...schema.enum))
  if (schema.const !== undefined) return mostly(fc.constant(schema.const))
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return fc.oneof(...choices.map((choice) => valueOf(choice, making)))
  if (Array.isArray(schema.type)) {
    return fc.oneof(...schema.type.map((type) => valueOf({ ...schema, type }, making)))
  }
  switch (schema.type) {
    case 'object':
      return mostly(objectOf(schema, making))
    case 'array':
      return mostly(
        fc.array(valueOf(schema.items, making), {
          minLength: schema.minItems ?? 0,
          maxLength: Math.min(schema.maxItems ?? 4, 4),
        }),
      )
    case 'integer':
      return mostly(integerOf(schema))
    case 'number':
      return mostly(fc.double({ noNaN: true, noDefaultInfinity: true }))
    case 'boolean':
      return mostly(fc.boolean())
    case 'null':
      return fc.constant(null)
    case 'string':
      return mostly(stringOf(schema, making))
    default:
      return anyJson
  }
}

/** Ids are small, so that many name something that is there. */
function integerOf({ minimum, maximum, exclusiveMinimum }: Schema): fc.Arbitrary<number> {
  const min = Math.max(minimum ?? (exclusiveMinimum ?? -10) + 1, Number.MIN_SAFE_INTEGER)
  const max = Math.min(maximum ?? Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
  return fc.oneof(
    fc.integer({ min, max: Math.min(max, min + 12) }),
    fc.maxSafeInteger().filter((value) => value >= min && value <= max),
  )
}

function stringOf(schema: Schema, { wild }: Making): fc.Arbitrary<string> {
  const { format, pattern, minLength = 0, maxLength = 60 } = schema
  if (format === 'uuid') return fc.uuid()
  if (format === 'date-time')
    return fc.date({ noInvalidDate: true }).map((date) => date.toISOString())
  if (format === 'date') {
    const range = { min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }
    return fc.date(range).map((date) => date.toISOString().slice(0, 10))
  }
  if (format === 'uri') return fc.webUrl({ validSchemes: ['http', 'https'] })
  if (format === 'email') return fc.emailAddress()
  if (pattern) return fc.stringMatching(new RegExp(pattern), { maxLength: Math.max(maxLength, 36) })
  const length = { minLength, maxLength: Math.max(minLength, Math.min(maxLength, 60)) }
  const words = fc
    .lorem({ maxCount: 6 })
    .filter(({ length: n }) => n >= minLength && n <= maxLength)
  return fc.oneof(words, fc.string({ unit: 'grapheme', ...length }), ...(wild ? [anyText] : []))
}

function objectOf(schema: Schema, making: Making): fc.Arbitrary<object> {
  const properties = Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, one]) => [name, valueOf(one, making)]),
  )
  const whole = fc.record(properties, { requiredKeys: [...(schema.required ?? [])] })
  const lacking = fc.record(properties, { requiredKeys: [] })
  const surplus = fc
    .tuple(
      whole,
      fc.dictionary(fc.constantFrom('extra', '__proto__', 'id', 'constructor'), anyJson),
    )
    .map(([object, more]) => ({ ...object, ...more }))
  if (!making.wild) return whole
  return fc.oneof(
    { weight: 8, arbitrary: whole },
    { weight: 1, arbitrary: lacking },
    { weight: 1, arbitrary: surplus },
  )
}
