/** A colour as three channels from 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number]

/** `#rgb` or `#rrggbb` as channels, or null when it is neither. */
export function parseHex(hex: string): Rgb | null {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(hex)
  const digits = short
    ? short
        .slice(1)
        .map((digit) => digit + digit)
        .join('')
    : hex.slice(1)
  if (!short && !/^#[0-9a-f]{6}$/i.test(hex)) return null
  const value = Number.parseInt(digits, 16)
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255]
}

function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((channel) => {
    const part = channel / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0)
}

/** The WCAG 2 contrast ratio of two colours, 1 to 21. Throws on what is not a hex colour. */
export function contrast(one: string, other: string): number {
  const [first, second] = [one, other].map((hex) => {
    const colour = parseHex(hex)
    if (!colour) throw new Error(`not a hex colour: ${hex}`)
    return luminance(colour)
  })
  const [dark, light] = [Math.min(first ?? 0, second ?? 0), Math.max(first ?? 0, second ?? 0)]
  return (light + 0.05) / (dark + 0.05)
}

/** What an accent is read against: the page and the surface of each theme (see elements/tokens.css). */
const grounds = {
  light: { page: '#f3f5f4', surface: '#ffffff', text: '#ffffff' },
  dark: { page: '#0e1614', surface: '#15201d', text: '#0e1614' },
} as const

export type AccentCheck = { ok: true } | { ok: false; message: string }

/** Whether a colour can stand in for verdigris in one theme: 4.5 to 1 as text and behind text. */
export function checkAccent(hex: string, theme: 'light' | 'dark' = 'light'): AccentCheck {
  if (!parseHex(hex))
    return { ok: false, message: `The accent "${hex}" is not a colour like #0a655a.` }
  const ground = grounds[theme]
  for (const [name, other] of Object.entries(ground)) {
    const ratio = contrast(hex, other)
    if (ratio < 4.5) {
      const how = name === 'text' ? `the text on it (${other})` : `the ${theme} ${name} (${other})`
      const which = theme === 'light' ? 'darker' : 'lighter'
      return {
        ok: false,
        message: `The accent ${hex} has a contrast of ${ratio.toFixed(2)} to 1 with ${how}; it needs 4.5 to 1. Choose a ${which} one.`,
      }
    }
  }
  return { ok: true }
}

/**
 * The stylesheet that puts an operator's accent in the place of verdigris. Throws, saying why, when either
 * colour fails `checkAccent`.
 */
export function accentCss(light: string, dark: string): string {
  for (const check of [checkAccent(light, 'light'), checkAccent(dark, 'dark')]) {
    if (!check.ok) throw new Error(check.message)
  }
  // The media query and the attribute say the same thing twice: light-dark() is compiled away in our own
  // stylesheets for older browsers, and this one is not compiled.
  return [
    `:root{--action:${light}}`,
    `@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){--action:${dark}}}`,
    `:root[data-theme=dark]{--action:${dark}}`,
    '',
  ].join('\n')
}
