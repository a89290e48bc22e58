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

/** Values that a schema allows, or nearly: seven in eight parts fit where it says what fits. */
export function valueOf(
  schema: Schema | undefined,
  lookup: (ref: string) => Schema,
): fc.Arbitrary<unknown> {
  if (!schema) return anyJson
  if (schema.$ref) return valueOf(lookup(schema.$ref), lookup)
  if (schema.enum) return mostly(fc.constantFrom(...schema.enum))
  if (schema.const !== undefined) return mostly(fc.constant(schema.const))
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return fc.oneof(...choices.map((choice) => valueOf(choice, lookup)))
  if (Array.isArray(schema.type)) {
    return fc.oneof(...schema.type.map((type) => valueOf({ ...schema, type }, lookup)))
  }
  switch (schema.type) {
    case 'object':
      return mostly(objectOf(schema, lookup))
    case 'array':
      return mostly(
        fc.array(valueOf(schema.items, lookup), {
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
      return mostly(stringOf(schema))
    default:
      return anyJson
  }
}

const mostly = (fitting: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 7, arbitrary: fitting }, { weight: 1, arbitrary: anyJson })

/** Ids are small, so that many name something that is there. */
function integerOf({ minimum, maximum, exclusiveMinimum }: Schema): fc.Arbitrary<number> {
  const min = Math.max(minimum ?? (exclusiveMinimum ?? -10) + 1, Number.MIN_SAFE_INTEGER)
  const max = Math.min(maximum ?? Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
  return fc.oneof(
    fc.integer({ min, max: Math.min(max, min + 12) }),
    fc.maxSafeInteger().filter((value) => value >= min && value <= max),
  )
}

function stringOf({
  format,
  pattern,
  minLength = 0,
  maxLength = 60,
}: Schema): fc.Arbitrary<string> {
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
  return fc.oneof(anyText, fc.string({ unit: 'grapheme', ...length }), fc.lorem({ maxCount: 6 }))
}

function objectOf(schema: Schema, lookup: (ref: string) => Schema): fc.Arbitrary<object> {
  const properties = Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, one]) => [name, valueOf(one, lookup)]),
  )
  const whole = fc.record(properties, { requiredKeys: [...(schema.required ?? [])] })
  const lacking = fc.record(properties, { requiredKeys: [] })
  const surplus = fc
    .tuple(
      whole,
      fc.dictionary(fc.constantFrom('extra', '__proto__', 'id', 'constructor'), anyJson),
    )
    .map(([object, more]) => ({ ...object, ...more }))
  return fc.oneof(
    { weight: 8, arbitrary: whole },
    { weight: 1, arbitrary: lacking },
    { weight: 1, arbitrary: surplus },
  )
}
