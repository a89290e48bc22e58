import type { ReactElement } from 'react'
import { Mark } from '../components/mark.tsx'
import { Section } from '../components/section.tsx'
import css from '../elements/kit.module.css'
import { Row } from './parts.tsx'

const tokens = [
  'page',
  'surface',
  'ink',
  'quiet',
  'rule',
  'edge',
  'action',
  'honey',
  'error',
] as const

/** Colours, type and the mark. */
export function Foundations(): ReactElement {
  return (
    <>
      <Section id="kit-colours" title="Colours">
        <ul className={css.swatches}>
          {tokens.map((token) => (
            <li key={token}>
              <svg width="100%" height="48" aria-hidden="true" focusable="false">
                <rect className={css[`fill-${token}`]} width="100%" height="48" />
              </svg>
              <code>{token}</code>
            </li>
          ))}
        </ul>
      </Section>
      <Section id="kit-type" title="Type" margin="14 · 16 · 19 · 23 · 32 · 48">
        <p className={css.display}>A page outlives its services</p>
        <div className="prose">
          <p>
            Text to be read is set in Literata, nineteen on thirty-one, sixty-six characters to a
            line. <strong>Strong words</strong> stay quiet,{' '}
            <a href="#kit-type">links are underlined</a>, and a <mark>highlighter</mark> is honey
            behind ink. <code>code</code> is the system’s monospace.
          </p>
          <ul>
            <li>Rules, not boxes</li>
            <li>Two-pixel corners</li>
          </ul>
          <blockquote>
            <p>The roof stands when a column falls.</p>
          </blockquote>
        </div>
      </Section>
      <Section id="kit-mark" title="Mark">
        <Row>
          <Mark size={96} />
          <Mark size={32} />
          <Mark size={16} />
        </Row>
      </Section>
    </>
  )
}
