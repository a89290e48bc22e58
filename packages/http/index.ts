export {
  answerJson,
  answerUnderKey,
  fastJson,
  idempotencyKey,
  keyOf,
  noContent,
  writeOnce,
} from './answers.ts'
export { Api, answerError, isAway } from './api.ts'
export { askPeer, PeerError, type Question } from './ask.ts'
export { type Backend, localBackend, type OnwardAnswer } from './backend.ts'
export { jsonBody, readBody } from './body.ts'
export { cacheHeaders, changedHeader, readTags, tagsHeader } from './cache-tags.ts'
export { etagOf, hasVersion, ifMatch, ifNoneMatch, requireVersion } from './conditional.ts'
export { decodeCursor, encodeCursor, paging } from './cursor.ts'
export { catalogueId, idInPath, text, webAddress } from './fields.ts'
export {
  contentDigest,
  defaultMaxAge,
  encodeMeta,
  fragmentHeaders,
  fragmentPath,
  mountFragments,
} from './fragment.ts'
export { inTime } from './in-time.ts'
export { mountInternals } from './internals.ts'
export * from './overload/index.ts'
export { pathnameOf } from './pathname.ts'
export {
  keysPath,
  type People,
  type Person,
  personHeader,
  personToken,
  personTokenLife,
  type Role,
  readPeople,
  roles,
} from './person.ts'
export {
  type Erased,
  type Erasing,
  erased,
  type KeepsPersonalData,
  mountPersonalData,
  type PersonalData,
  personalDataClient,
} from './personal-data.ts'
export { personalPage, personalPageHeader, seeOther } from './personal-page.ts'
export { endToEnd, hasBody, type RemoteBackend, remoteBackend } from './pool.ts'
export { Problem, problem, problemText } from './problem.ts'
export { type RouteMatch, RouteTree } from './route-tree.ts'
export { isSafe, isSameOrigin, publicOriginOf } from './same-origin.ts'
export { apiTokenOf, apiTokenPrefix, type Scope } from './scope.ts'
export { sendFast } from './send-fast.ts'
export {
  type Door,
  type HttpServer,
  type Leave,
  listen,
  type Shortcut,
  setHeaders,
} from './server.ts'
export type * from './service.ts'
export { createTrust, isOperator, type Trust } from './token.ts'
export { uuidv7 } from './uuid.ts'
