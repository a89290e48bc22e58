/** A block of commands in a guide: where it is run, and what is run; or which files go from one host to another. */
export type Block = { line: number } & (
  | { on: string[]; commands: string }
  | { from: string; to: string; files: string[] }
)

/**
 * The blocks of a Markdown page, in their order. Every `sh` block begins with a comment that tells its place:
 * `# on service and proxy`, or, without commands, `# from service to proxy: /etc/file`.
 * @throws for a block that does not
 */
export function readGuide(markdown: string): Block[] {
  return [...markdown.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(({ 1: text = '', index }) => {
    const line = markdown.slice(0, index).split('\n').length
    const on = /^# on ([a-z]+(?: and [a-z]+)*)\n/.exec(text)
    if (on) return { line, on: (on[1] ?? '').split(' and '), commands: text.slice(on[0].length) }
    const from = /^# from ([a-z]+) to ([a-z]+): (.+)\n$/.exec(text)
    if (from)
      return { line, from: from[1] ?? '', to: from[2] ?? '', files: (from[3] ?? '').split(' ') }
    throw new Error(`The block in line ${line} does not say where it is run.`)
  })
}
