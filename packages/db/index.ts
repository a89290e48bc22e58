export { type Database, openDatabase, ping, type Sql, type Transaction } from './database.ts'
export {
  forgetOldKeys,
  idempotencyTable,
  type KeyedRequest,
  type Once,
  type OnceAnswer,
  once,
  onceEach,
} from './idempotency.ts'
export { migrate } from './migrate.ts'
export { connectionsOf, type PoolSizes, poolSizes } from './pool-sizes.ts'
