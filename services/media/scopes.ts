import type { Scope } from '@colonnade/http'

/** Taking pictures in, and seeing which there are: whoever writes courses needs that. */
export const uploading: Scope = { name: 'media:write', role: 'instructor' }
/** A picture may stand on pages of others. */
export const deleting: Scope = { name: 'media:delete', role: 'administrator' }
