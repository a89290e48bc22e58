export { Admission, type AdmissionStats, type Work } from './admission.ts'
export { type AddressOf, clientAddresses } from './client-address.ts'
export { type RateLimits, rateLimits } from './rate-limit.ts'
export { Refusals } from './refusals.ts'
