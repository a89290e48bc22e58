export { Flights } from './flights.ts'
export { type RedisStats, RedisTier } from './redis/tier.ts'
export { type CacheStats, type Entry, TaggedCache } from './tagged-cache.ts'
export {
  type Given,
  type Made,
  type SharedEntry,
  type SharedRead,
  type SharedTier,
  TieredCache,
} from './tiered-cache.ts'
