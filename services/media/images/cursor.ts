import { Problem } from '@colonnade/http'
import { z } from 'zod'
import { imageId } from '../contract.ts'

const place = z.tuple([
  z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?[+-][\d:]+$/),
  imageId,
])

/** The place of an image in the list, newest first; opaque to who asks. */
export const encodeCursor = (image: { place: string; id: string }) =>
  Buffer.from(JSON.stringify([image.place, image.id])).toString('base64url')

/** @throws Problem 422 for what is no cursor of ours */
export function decodeCursor(cursor: string): { createdAt: string; id: string } {
  try {
    const [createdAt, id] = place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
    if (Number.isNaN(Date.parse(createdAt))) throw new RangeError(createdAt)
    return { createdAt, id }
  } catch {
    throw new Problem(422, 'Correct the fields named below and send it again.', [
      { path: '/cursor', message: 'is not `next` of a page' },
    ])
  }
}
