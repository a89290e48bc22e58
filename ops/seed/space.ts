import { statfs } from 'node:fs/promises'
import { SettingsError } from '../settings.ts'

/**
 * Bytes that a row of each kind takes in tables, indexes and what is sorted on the way; an instructor with the part of
 * a primary and two and a half assistants. Measured, rounded up.
 */
const bytesPer = { instructors: 1000, courses: 75_000, reviews: 800 }

/** The write-ahead log at its longest, and what must stay free for the database to live. */
const reserve = 1500 * 1024 * 1024

export type Amounts = { courses: number; instructors: number; reviews: number }

/** How many bytes the made-up rows will take. */
export const bytesFor = ({ courses, instructors, reviews }: Amounts) =>
  courses * bytesPer.courses +
  instructors * bytesPer.instructors +
  courses * reviews * bytesPer.reviews

/**
 * Refuses when what is to be made does not fit.
 * @param bytes that are still to be filled
 * @param free bytes; asked of the file system unless told
 * @throws SettingsError saying how much is free and how much would be needed
 */
export async function needSpace(folder: string, bytes: number, free?: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  const available = free ?? bavail * bsize
  const needed = Math.max(0, bytes) + reserve
  if (available >= needed) return
  throw new SettingsError(
    `The disk of ${folder} is too small for that: ${gigabytes(available)} are free, about ${gigabytes(needed)} are needed. Ask for fewer, or set COLONNADE_DATA to a larger disk.`,
  )
}

const gigabytes = (bytes: number) => `${(bytes / 1024 ** 3).toFixed(1)} GiB`
