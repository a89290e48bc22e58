import type { Sql } from '@colonnade/db'
import { z } from 'zod'
import { SettingsError } from '../settings.ts'
import { findNewestMigration, findUnfinished } from './queries/staging.ts'

const whole = z.number().int().nonnegative()

/** What a person asks for; `reviews` are of each course. */
export const wanted = z.object({
  courses: whole,
  instructors: whole,
  reviews: whole,
  seed: whole,
})
export type Wanted = z.infer<typeof wanted>

/** A large seed as it is noted beside its tables, so that it can be taken up again as it was. */
export const note = z.object({
  wanted,
  migration: z.string(),
  organisations: whole,
  first: z.object({
    course: whole,
    revision: whole,
    module: whole,
    lesson: whole,
    item: whole,
    instructor: whole,
    organisation: whole,
  }),
})
export type Note = z.infer<typeof note>

const discard = 'throw it away with: colonnade seed --discard'

/** The command line that asks for this. */
const commandOf = ({ courses, instructors, reviews, seed }: Wanted) =>
  `colonnade seed --instructors ${instructors}${courses > 0 ? ` --courses ${courses} --reviews ${reviews}` : ''} --seed ${seed}`

/**
 * The unfinished seed that `asked` takes up again, if there is one.
 * @throws SettingsError when it was begun with other arguments, or for other tables
 */
export async function takeUp(sql: Sql, asked: Wanted): Promise<Note | undefined> {
  const found = await findUnfinished(sql)
  if (found === undefined) return undefined
  const read = note.safeParse(found)
  if (!read.success || read.data.migration !== (await findNewestMigration(sql))) {
    throw new SettingsError(
      `An unfinished seed was begun by another version of Colonnade: ${discard}`,
    )
  }
  const begun = commandOf(read.data.wanted)
  if (begun === commandOf(asked)) return read.data
  throw new SettingsError(
    `An unfinished seed is there, of other arguments.\n  begun:     ${begun}\n  asked for: ${commandOf(asked)}\nFinish it with the command that began it, or ${discard}`,
  )
}
