export { Flights } from './flights.ts'
export { type Entry, TaggedCache } from './tagged-cache.ts'
