export { type Database, openDatabase, type Sql, type Transaction } from './database.ts'
export { once, type Once } from './idempotency.ts'
export { migrate } from './migrate.ts'
