import { type ZodType, z } from 'zod'
import { Problem } from './problem.ts'

/** Where a list goes on: the sort key of its last entry, opaque to clients. */
export const encodeCursor = (key: readonly (string | number)[]) =>
  Buffer.from(JSON.stringify(key)).toString('base64url')

/** @throws Problem 422 for a cursor that is none of ours */
export function decodeCursor<T extends ZodType>(
  cursor: string | undefined,
  shape: T,
): z.output<T> | undefined {
  if (cursor === undefined) return undefined
  try {
    return shape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
  } catch {
    throw new Problem(422, 'Start again without a cursor.', [
      { path: '/cursor', message: 'is not one that a list gave' },
    ])
  }
}

/** `limit` and `cursor` of every list. */
export const paging = {
  limit: z
    .string()
    .regex(/^\d{1,3}$/)
    .transform(Number)
    .pipe(z.int().min(1).max(100))
    .default(20)
    .meta({ type: 'integer', minimum: 1, maximum: 100, default: 20 }),
  cursor: z.string().max(1000).optional(),
}
