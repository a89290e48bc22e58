import { Problem } from '@colonnade/http'

/** Where bytes are kept. Keys are made by us: `ab/abcd…/320.avif`, never from what somebody sent. */
export type Storage = {
  /** Undefined when there is nothing under the key. */
  read(key: string): Promise<Uint8Array<ArrayBuffer> | undefined>
  has(key: string): Promise<boolean>
  /** Whole or not at all, and durable when it returns. */
  write(key: string, bytes: Uint8Array, type: string): Promise<void>
  /** What is not there counts as removed. */
  remove(keys: readonly string[]): Promise<void>
}

/** The storage cannot be reached, is full or refuses us: the answer is 503. */
export class StorageAway extends Problem {
  constructor(cause: unknown) {
    super(503, 'The store of pictures is away. Try again in a moment.')
    this.cause = cause
  }
}
