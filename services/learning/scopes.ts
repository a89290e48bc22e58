import type { Scope } from '@colonnade/http'

/** What API tokens need to read of learning what their owner may read, and to do what their owner may do. */
export const reading: Scope = { name: 'learning:read', role: 'learner' }
export const writing: Scope = { name: 'learning:write', role: 'learner' }
