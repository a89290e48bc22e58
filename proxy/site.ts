/** What the operator sets about the site; read from the environment by ops. */
export type Site = {
  /** Public origin, without a slash at the end: canonical links, never taken from `Host`. */
  url: string
  name: string
  /** Address of the operator's own mark, if any. */
  mark?: string
  legal: readonly { label: string; href: string }[]
  /** Stylesheets and scripts of the shell, and fonts to fetch early. */
  styles: readonly string[]
  scripts: readonly string[]
  fonts: readonly string[]
}
