import type { Sql } from '@colonnade/db'
import type { Image } from '@colonnade/media/contract'

/** Sets the photo of a person, or takes it away. */
export async function setPhoto(sql: Sql, person: string, photo: Image | null): Promise<void> {
  const json = photo && JSON.stringify(photo)
  await sql`
    update accounts.person set photo = ${json}::text::jsonb, updated_at = now() where id = ${person}`
}
