import type { Scope } from '@colonnade/http'

/** What API tokens need to change anything here. */
export const writing: Scope = { name: 'courses:write', role: 'administrator' }
