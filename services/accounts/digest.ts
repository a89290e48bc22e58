import { createHash } from 'node:crypto'

/** What tables keep of a random secret that somebody else holds: it is too long to guess, so a plain digest hides it. */
export const digestOf = (secret: string): Buffer => createHash('sha256').update(secret).digest()
