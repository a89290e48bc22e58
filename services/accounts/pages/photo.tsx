import { isAway, PeerError, Problem, readBody } from '@colonnade/http'
import type { Image } from '@colonnade/media/contract'
import { refused } from '@colonnade/personal'
import { tryCostly } from '../guesses.ts'
import { setPhoto } from '../queries/photos.ts'
import { showAccount } from './account.tsx'
import type { Desk, SignedIn, Visit } from './visit.ts'

/** As much as media takes, and what a form has around a file. */
const largest = 15 * 1024 * 1024 + 4096

/** The file goes to media, which looks at its content and packs it again; what was there before goes. */
export async function savePhoto(visit: Visit, who: SignedIn, desk: Desk): Promise<Response> {
  const { t, request } = visit
  const { db, media, log } = desk
  const person = who.person.id
  const wait = await tryCostly(db.hot, 'photo', person)
  if (wait > 0) return refused(visit, 429, wait)
  const bytes = await fileIn(request)
  if (!bytes) return await showAccount(visit, who, desk, t.t('account.photo.wrong'))
  let photo: Image
  try {
    photo = await media.putPhoto(bytes, { person })
  } catch (error) {
    if (error instanceof PeerError && error.status < 500) {
      return await showAccount(visit, who, desk, t.t('account.photo.wrong'))
    }
    return await away(visit, who, desk, error)
  }
  await setPhoto(db.hot, person, photo)
  await media
    .removePhotos(person, { but: photo.id })
    .catch((err: unknown) => log.warn({ err }, 'a photo of before was not removed'))
  return visit.goTo('/account?saved')
}

/** The file goes first: a photo that is still there must not look as if it were gone. */
export async function removePhoto(visit: Visit, who: SignedIn, desk: Desk): Promise<Response> {
  try {
    await desk.media.removePhotos(who.person.id)
  } catch (error) {
    return await away(visit, who, desk, error)
  }
  await setPhoto(desk.db.hot, who.person.id, null)
  return visit.goTo('/account?saved')
}

async function away(visit: Visit, who: SignedIn, desk: Desk, error: unknown): Promise<Response> {
  if (!isAway(error) && !(error instanceof Error)) throw error
  desk.log.warn({ err: error }, 'media did not take or remove a photo')
  return await showAccount(visit, who, desk, visit.t.t('account.photo.away'))
}

/** The file of the form; undefined when there is none, or it is too large. */
async function fileIn(request: Request): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const body = new Uint8Array(await readBody(request, largest))
    const headers = { 'Content-Type': request.headers.get('content-type') ?? '' }
    const photo = (await new Response(body, { headers }).formData()).get('photo')
    if (!(photo instanceof File) || photo.size === 0) return undefined
    return new Uint8Array(await photo.arrayBuffer())
  } catch (error) {
    // `formData` says TypeError to what is no form.
    if (error instanceof TypeError || (error instanceof Problem && error.status === 413)) {
      return undefined
    }
    throw error
  }
}
