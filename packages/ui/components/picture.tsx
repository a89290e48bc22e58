import type { ReactElement } from 'react'

export interface PictureProps {
  alt: string
  /** Of the picture itself: with them nothing moves when it arrives. */
  width: number
  height: number
  /** The last resort: JPEG or SVG. */
  src: string
  /** Best first: AVIF, WebP, JPEG, each with its own widths. */
  sources?: readonly { type: string; srcset: string }[]
  sizes?: string | undefined
  /** The first picture of a page is `eager`. */
  loading?: 'lazy' | 'eager'
  className?: string | undefined
}

/** A picture in the formats the browser may choose from. */
export function Picture(props: PictureProps): ReactElement {
  const { sources = [], loading = 'lazy' } = props
  return (
    <picture>
      {sources.map((source) => (
        <source key={source.type} type={source.type} srcSet={source.srcset} sizes={props.sizes} />
      ))}
      <img
        src={props.src}
        alt={props.alt}
        width={props.width}
        height={props.height}
        loading={loading}
        decoding="async"
        fetchPriority={loading === 'eager' ? 'high' : undefined}
        className={props.className}
      />
    </picture>
  )
}
