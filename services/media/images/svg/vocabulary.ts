// What an SVG may say. Whatever is not named here is dropped: script, foreignObject, animation, SVG fonts, handlers
// of events, editors' own elements and attributes, and what is invented after this was written.

const words = (list: string) => new Set(list.trim().split(/\s+/))

export const elements = words(`
  a circle clipPath defs desc ellipse feBlend feColorMatrix feComponentTransfer feComposite feDiffuseLighting
  feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge
  feMergeNode feMorphology feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence filter g image
  line linearGradient marker mask path pattern polygon polyline radialGradient rect stop style svg switch symbol text
  textPath title tspan use view`)

/** Elements within which text is text, not the space between elements. */
export const textual = words('a desc style text textPath title tspan')

/** Elements whose `href` names another element of the same file. */
export const referring = words('filter linearGradient pattern radialGradient textPath use')

/** Attributes without addresses in them. */
export const attributes = words(`
  amplitude aria-describedby aria-hidden aria-label aria-labelledby aria-roledescription azimuth baseFrequency bias
  class clipPathUnits cx cy d diffuseConstant divisor dx dy edgeMode elevation exponent filterUnits fr fx fy
  gradientTransform gradientUnits height id in in2 intercept k1 k2 k3 k4 kernelUnitLength lang lengthAdjust
  limitingConeAngle markerHeight markerUnits markerWidth maskContentUnits maskUnits media method mode numOctaves offset
  operator order orient pathLength patternContentUnits patternTransform patternUnits points pointsAtX pointsAtY
  pointsAtZ preserveAspectRatio primitiveUnits r radius refX refY result role rotate rx ry scale seed side slope spacing
  specularConstant specularExponent spreadMethod startOffset stdDeviation stitchTiles surfaceScale systemLanguage
  tableValues textLength transform type values version viewBox width x x1 x2 xChannelSelector y y1 y2 yChannelSelector
  z`)

/** Properties of CSS, most of which are attributes too; an address in them may only be that of an element here. */
export const properties = words(`
  alignment-baseline background background-color baseline-shift clip clip-path clip-rule color color-interpolation
  color-interpolation-filters color-rendering color-scheme cx cy d direction display dominant-baseline fill fill-opacity
  fill-rule filter flood-color flood-opacity font font-family font-feature-settings font-kerning font-size
  font-size-adjust font-stretch font-style font-variant font-variant-caps font-variant-east-asian font-variant-ligatures
  font-variant-numeric font-variant-position font-variation-settings font-weight height image-rendering inline-size
  isolation letter-spacing lighting-color line-height marker marker-end marker-mid marker-start mask mask-type
  mix-blend-mode opacity overflow paint-order pointer-events r rx ry shape-rendering stop-color stop-opacity stroke
  stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width
  text-align text-anchor text-decoration text-decoration-color text-decoration-line text-decoration-style
  text-decoration-thickness text-indent text-orientation text-overflow text-rendering text-transform transform
  transform-box transform-origin unicode-bidi vector-effect visibility white-space width word-spacing writing-mode x y`)

/** Functions of CSS that fetch nothing. */
export const functions = words(`
  blur brightness calc clamp color color-mix contrast drop-shadow grayscale hsl hsla hue-rotate hwb invert lab lch
  light-dark matrix max min oklab oklch opacity path rgb rgba rotate saturate scale scalex scaley sepia skew skewx skewy
  translate translatex translatey var`)
