import type { HighlighterCore } from 'shiki/core'
import { escapeText } from './escape.ts'

/** The kinds of token that have a colour, as shiki's theme of CSS variables names them: `sh-` and a kind are a class. */
export const tokenKinds = [
  'constant',
  'string',
  'comment',
  'keyword',
  'parameter',
  'function',
  'string-expression',
  'punctuation',
  'link',
  'inserted',
  'deleted',
  'changed',
] as const

const longest = 40_000
const names: Record<string, string> = {
  console: 'bash',
  shell: 'bash',
  sh: 'bash',
  zsh: 'bash',
  yml: 'yaml',
  py: 'python',
  js: 'javascript',
  ts: 'typescript',
}
/** How the languages lessons use most are written; shiki's own names serve for the rest. */
const shown: Record<string, string> = { bash: 'Bash', sql: 'SQL', r: 'R', python: 'Python' }

type Shiki = {
  core: HighlighterCore
  load(language: string): Promise<boolean>
  name(language: string): string | null
}
let loaded: Promise<Shiki> | null = null

/** shiki and its languages are loaded when the first code block needs them, then kept. */
async function start(): Promise<Shiki> {
  const [
    { createCssVariablesTheme, createHighlighterCore },
    engine,
    { bundledLanguages, bundledLanguagesInfo },
  ] = await Promise.all([
    import('shiki/core'),
    import('shiki/engine/javascript'),
    import('shiki/langs'),
  ])
  const theme = createCssVariablesTheme({ name: 'ln', variablePrefix: '--sh-', fontStyle: false })
  const core = await createHighlighterCore({
    themes: [theme],
    engine: engine.createJavaScriptRegexEngine({ forgiving: true }),
  })
  const imports = new Map(Object.entries(bundledLanguages))
  return {
    core,
    async load(language) {
      if (core.getLoadedLanguages().includes(language)) return true
      const found = imports.get(language)
      if (!found) return false
      await core.loadLanguage(found)
      return true
    },
    name: (language) =>
      bundledLanguagesInfo.find(({ id, aliases }) => id === language || aliases?.includes(language))
        ?.name ?? null,
  }
}

const shiki = (): Promise<Shiki> => (loaded ??= start())
const known = (language: string): string => names[language] ?? language

/** How a language is called; null when it is not known. */
export async function languageName(language: string): Promise<string | null> {
  return shown[known(language)] ?? (await shiki()).name(known(language))
}

/** Code as escaped HTML with `sh-*` classes; null when the language is not known or the code too long. */
export async function highlight(code: string, language: string): Promise<string | null> {
  if (code.length > longest) return null
  const { core, load } = await shiki()
  // commands after a prompt are read otherwise than a script
  const prompted = known(language) === 'bash' && /^\s*\$ /m.test(code)
  const lang = prompted ? 'shellsession' : known(language)
  if (!(await load(lang))) return null
  const lines = core.codeToTokensBase(code, {
    lang,
    theme: 'ln',
    tokenizeMaxLineLength: 1000,
    // a limit in time would colour the same code differently on a busy machine
    tokenizeTimeLimit: 0,
  })
  return lines
    .map((line) => line.map(({ content, color }) => token(content, color)).join(''))
    .join('\n')
}

function token(content: string, color: string | undefined): string {
  const kind = /^var\(--sh-token-([a-z-]+)\)$/.exec(color ?? '')?.[1]
  const escaped = escapeText(content)
  return kind === undefined || content.trim() === ''
    ? escaped
    : `<span class="sh-${kind}">${escaped}</span>`
}
