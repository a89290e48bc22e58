import { z } from 'zod'

/**
 * Text that Postgres can hold and a page can show: trimmed, well-formed Unicode, no control characters but
 * line breaks and tabs, `min` to `max` characters.
 */
export function text(max: number, min = 1) {
  return z
    .string()
    .trim()
    .min(min)
    .max(max)
    .refine((value) => value.isWellFormed(), 'holds half a character (a lone surrogate)')
    .refine(
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
      (value) => !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(value),
      'holds a control character',
    )
}

/** A catalogue id: an integer from 1 to 2^53-1. */
export const catalogueId = z.int().min(1)

/** A catalogue id as it stands in an address: what is impossible there names nothing, so it is 404. */
export const idInPath = z
  .string()
  .regex(/^[1-9]\d{0,15}$/)
  .transform(Number)
  .refine(Number.isSafeInteger)
  .meta({ type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER })

/** A web address that is safe to put in a link. */
export const webAddress = z.url({ protocol: /^https?$/ }).max(2000)
