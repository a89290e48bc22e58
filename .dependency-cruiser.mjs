/**
 * The house: ops > proxy > services > packages. Each floor imports only floors below it, and of another service
 * only its contract.
 */
const tests = '\\.(test|e2e)\\.tsx?$'
const testSupport = '/fixture(\\.tsx?$|/)'

export default {
  forbidden: [
    {
      name: 'nobody-imports-ops',
      comment: 'ops starts everything; nothing imports it.',
      severity: 'error',
      from: { path: '^(packages|services|proxy)/' },
      to: { path: '^ops/' },
    },
    {
      name: 'packages-know-no-service',
      comment: 'A package is what every service is made of; it knows none of them.',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^(services|proxy|bench|e2e)/' },
    },
    {
      name: 'services-know-no-proxy',
      severity: 'error',
      from: { path: '^services/' },
      to: { path: '^(proxy|bench|e2e)/' },
    },
    {
      name: 'only-contracts-between-services',
      comment: 'A service imports of another only its contract.',
      severity: 'error',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/', pathNot: ['^services/$1/', '^services/[^/]+/contract\\.ts$'] },
    },
    {
      name: 'proxy-knows-contracts',
      comment: 'The proxy asks services; it imports their contracts only.',
      severity: 'error',
      from: { path: '^proxy/' },
      to: { path: '^services/', pathNot: '^services/[^/]+/contract\\.ts$' },
    },
    {
      name: 'ops-uses-the-front-door',
      comment: 'ops imports a service as others export it: service.ts and contract.ts.',
      severity: 'error',
      from: { path: '^(ops|bench|e2e)/' },
      to: { path: '^services/', pathNot: '^services/[^/]+/(service|contract)\\.ts$' },
    },
    {
      name: 'testing-in-tests',
      comment: 'Only tests use packages/testing; nothing that ships does.',
      severity: 'error',
      from: {
        path: '^(packages|services|proxy|ops)/',
        pathNot: ['^packages/testing/', '^ops/testing/', tests, testSupport],
      },
      to: { path: '^packages/testing/' },
    },
    {
      name: 'tests-are-leaves',
      severity: 'error',
      from: {},
      to: { path: tests },
    },
    {
      name: 'no-cycles',
      comment: 'A cycle that a type closes is none when the program runs.',
      severity: 'error',
      from: { pathNot: tests },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'our-own-resolves',
      comment: 'What does not resolve would slip past the rules above.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, path: '^(@colonnade/|\\.)' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['(^|/)node_modules/', '(^|/)dist/', '^content/', '^docs/'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    },
  },
}
