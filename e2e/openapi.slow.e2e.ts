import { testEveryEndpoint } from './openapi/every-endpoint.ts'

testEveryEndpoint(10_000)
