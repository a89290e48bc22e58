import type { Held } from './entry.ts'
import type { Store } from './store.ts'

const name = 'colonnade-outbox'

/** The browser's own database. Every call opens what was closed; it rejects where storage is closed or full. */
export function indexedDbStore(): Store {
  let opened: Promise<IDBDatabase> | undefined

  function open(): Promise<IDBDatabase> {
    opened ??= new Promise<IDBDatabase>((resolve, reject) => {
      const asked = indexedDB.open(name, 1)
      asked.onupgradeneeded = () => {
        const held = asked.result.createObjectStore('held', { keyPath: 'seq', autoIncrement: true })
        held.createIndex('id', 'entry.id', { unique: true })
        held.createIndex('person', 'person')
      }
      asked.onsuccess = () => {
        const db = asked.result
        const forget = () => {
          opened = undefined
        }
        db.onclose = forget
        db.onversionchange = () => {
          db.close()
          forget()
        }
        resolve(db)
      }
      asked.onerror = () => reject(asked.error ?? new Error('storage is closed'))
      asked.onblocked = () => reject(new Error('another tab holds an older storage'))
    }).catch((error: unknown) => {
      opened = undefined
      throw error
    })
    return opened
  }

  /** One transaction. It is over, and on the disk, when this resolves. */
  async function change<Value>(
    mode: IDBTransactionMode,
    run: (held: IDBObjectStore, give: (value: Value) => void) => void,
    initial: Value,
  ): Promise<Value> {
    const db = await open()
    return await new Promise<Value>((resolve, reject) => {
      const transaction = db.transaction('held', mode, { durability: 'strict' })
      let value = initial
      transaction.oncomplete = () => resolve(value)
      transaction.onabort = () => reject(transaction.error ?? new Error('storage is full'))
      run(transaction.objectStore('held'), (given) => {
        value = given
      })
    })
  }

  /** Calls `run` with the key and the value of each entry among the ids. */
  const each = (
    ids: readonly string[],
    run: (held: IDBObjectStore, seq: IDBValidKey, found: Held) => void,
  ) =>
    change<void>(
      'readwrite',
      (held) => {
        for (const id of ids) {
          const asked: IDBRequest<Held | undefined> = held.index('id').get(id)
          asked.onsuccess = () => {
            if (asked.result) run(held, asked.result.seq, asked.result)
          }
        }
      },
      undefined,
    )

  return {
    async add(given) {
      const seq = await change<number>(
        'readwrite',
        (held, give) => {
          const added = held.add(given)
          added.onsuccess = () => give(Number(added.result))
        },
        0,
      )
      return { ...given, seq }
    },
    list: (person) =>
      change<Held[]>(
        'readonly',
        (held, give) => {
          const found: IDBRequest<Held[]> = held.index('person').getAll(person)
          found.onsuccess = () => give(found.result)
        },
        [],
      ),
    remove: (ids) => each(ids, (held, seq) => held.delete(seq)),
    refuse: (id, why) => each([id], (held, _, found) => held.put({ ...found, refused: why })),
  }
}
