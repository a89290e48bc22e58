/** What a learner does, as it goes to the server's log; `data` is JSON whose shape the type decides. */
export type Draft = {
  type: 'position' | 'done' | 'check' | 'answer' | 'submit' | 'note'
  /** Keys of the course's plan. */
  lesson?: string
  item?: string
  attempt?: string
  question?: string
  /** The last entry on the same subject that the page knew; null: it knew of none. */
  after?: string | null
  /** Other versions that this one puts an end to. */
  settles?: readonly string[]
  data: unknown
}

/** `id` is a UUIDv7 and `at` an instant in milliseconds, both by the device's clock, which may be wrong. */
export type Entry = Draft & { id: string; at: number }

/** An entry as the device holds it until the server has acknowledged it. `seq` is its place in the device's order. */
export type Held = {
  seq: number
  person: string
  enrolment: string
  entry: Entry
  /** Why the server will never take it as it is. It is kept and shown, and no longer sent. */
  refused?: string
}

/** What the server says of one entry. Each of these states means that the server has it. */
export type Result = {
  id: string
  state: 'kept' | 'known' | 'late' | 'refused'
  why?: string
  /** The entry on the same subject that this one did not know. */
  conflict?: string
}
