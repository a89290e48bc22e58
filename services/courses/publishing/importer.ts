import {
  type CourseSource,
  type ReportLine,
  readCourseApart,
  readCourseHere,
  readZip,
} from '@colonnade/format'
import type { ServiceContext } from '@colonnade/http'
import { instructorsClient } from '@colonnade/instructors/contract'
import { mediaClient } from '@colonnade/media/contract'
import { reviewsClient } from '@colonnade/reviews/contract'
import { type Drafted, type DraftFor, keepDraft } from './draft.ts'
import type { Given, Published, Publisher } from './prepare.ts'
import { publish } from './publish.ts'

/** Bytes of an archive at most. */
export const largestArchive = 128 * 1024 * 1024

/** Turns archives into revisions; everybody who imports does it here. */
export type Importer = {
  publisher: Publisher
  /** @throws CourseError for what is wrong with the folder, and as `publish` */
  publish(
    zip: Uint8Array,
    replaces: number | undefined,
  ): Promise<{ published: Published; source: CourseSource; report: ReportLine[] }>
  /** @throws CourseError for what is wrong with the folder, and as `keepDraft` */
  draft(zip: Uint8Array, whose: DraftFor): Promise<Drafted>
}

export function openImporter(context: ServiceContext): Importer {
  const { db, trust, nudge } = context
  const publisher: Publisher = {
    get sql() {
      return db.work
    },
    media: mediaClient(context.peer('media'), trust),
    instructors: instructorsClient(context.peer('instructors'), trust),
    reviews: reviewsClient(context.peer('reviews'), trust),
    nudge,
  }
  // A preview trusts its own author, and has to be quick.
  const read = context.env.COURSES_READER === 'here' ? readCourseHere : readCourseApart
  // One at a time: reading a course takes memory and time, and two imports of one course would meet.
  let queue: Promise<unknown> = Promise.resolve()
  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = queue.then(work)
    queue = done.catch(() => {})
    return await done
  }
  async function readAll(zip: Uint8Array): Promise<Given> {
    // First apart: what it refuses is never unpacked here.
    const { course: source, report } = await read(zip)
    return { source, files: await readZip(zip), report }
  }
  return {
    publisher,
    publish: (zip, replaces) =>
      inTurn(async () => {
        const given = await readAll(zip)
        const published = await publish(publisher, { ...given, replaces })
        return { published, source: given.source, report: given.report }
      }),
    draft: (zip, whose) =>
      inTurn(async () => await keepDraft(publisher, await readAll(zip), whose)),
  }
}
