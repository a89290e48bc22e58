export { type Database, openDatabase, type Sql, type Transaction } from './database.ts'
export { forgetOldKeys, idempotencyTable, type Once, once } from './idempotency.ts'
export { migrate } from './migrate.ts'
