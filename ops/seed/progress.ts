/** How far a seed is: the share of all its work, the rows that it sent, and what it is at. */
export type State = { share: number; rows: number; doing: string }

export type OnProgress = (state: State) => void

/** Adds up work, measured in rows: what takes as long as to load a million rows counts as a million. */
export class Progress {
  private done = 0
  private rows = 0
  private doing = ''

  constructor(
    private readonly total: number,
    private readonly tell: OnProgress,
  ) {}

  begin(doing: string): void {
    this.doing = doing
    this.add(0)
  }

  /** Rows that were sent just now; `weight` is what one of them is to the work as a whole. */
  sent(rows: number, weight = 1): void {
    this.rows += rows
    this.add(rows * weight)
  }

  add(work: number): void {
    this.done += work
    this.tell({
      share: Math.min(1, this.done / Math.max(1, this.total)),
      rows: this.rows,
      doing: this.doing,
    })
  }
}
