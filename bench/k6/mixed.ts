import { arrivals, optionsOf } from './settings.ts'

export { page, read, write } from './settings.ts'

/** All three at once, a third of RPS each. */
export const options = optionsOf({
  page: arrivals('page', 1 / 3),
  read: arrivals('read', 1 / 3),
  write: arrivals('write', 1 / 3),
})
