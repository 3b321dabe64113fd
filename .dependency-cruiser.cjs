// Who may import whom: the arrows of ARCHITECTURE.md as rules.
const room = (name) => `^packages/${name}/`
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: '\\.test\\.ts$|/test/' },
  to: { path: '^(packages|apps|infra)/', pathNot: [from, ...allowed.map((other) => room(other))].join('|') },
})
const library = (name, modules, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: '^(apps|packages|infra)/', pathNot: allowed },
  to: { path: `node_modules/(${modules})(/|$)` },
})

module.exports = {
  forbidden: [
    {
      name: 'no-circle',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^hast$' },
    },
    {
      name: 'one-door',
      comment: 'A package is entered through its index.',
      severity: 'error',
      from: { path: '^(apps/[^/]+|packages/[^/]+|infra)/' },
      to: { path: '^packages/[^/]+/src/(?!index\\.ts$)', pathNot: '^$1/' },
    },
    {
      name: 'one-door-api',
      comment: 'A room of the API is entered through its index; only tests and the entries look inside.',
      severity: 'error',
      from: { path: '^apps/api/src/([^/]+)/' },
      to: { path: '^apps/api/src/([^/]+)/(?!index\\.ts$)', pathNot: '^apps/api/src/$1/' },
    },
    {
      name: 'one-door-web',
      comment: 'A feature of the page is entered through its index; ui knows no feature.',
      severity: 'error',
      from: { path: '^apps/web/src/features/([^/]+)/' },
      to: { path: '^apps/web/src/features/([^/]+)/(?!index\\.tsx?$)', pathNot: '^apps/web/src/features/$1/' },
    },
    {
      name: 'ui-knows-no-feature',
      severity: 'error',
      from: { path: '^apps/web/src/ui/' },
      to: { path: '^apps/web/src/features/' },
    },
    {
      name: 'contracts-import-zod-only',
      severity: 'error',
      from: { path: room('contracts') },
      to: { pathNot: ['^packages/contracts/', 'node_modules/zod/'] },
    },
    only('domain', room('domain'), ['contracts'], 'Pure rules know contracts alone.'),
    {
      name: 'domain-is-pure',
      severity: 'error',
      from: { path: room('domain'), pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core', 'npm'] },
    },
    only('course', room('course'), ['contracts', 'domain']),
    only('receipts', room('receipts'), ['contracts']),
    only('sandbox', room('sandbox'), ['contracts', 'domain']),
    only('grading', room('grading'), ['contracts', 'domain', 'sandbox']),
    only('self-test', room('self-test'), ['contracts', 'domain', 'sandbox', 'grading']),
    only('web', '^apps/web/', ['contracts', 'domain'], 'The page talks to the API only.'),
    only(
      'worker',
      '^apps/worker/',
      ['contracts', 'domain', 'grading', 'sandbox', 'self-test'],
      'The process with the engine’s socket owns least.',
    ),
    only('api', '^apps/api/', ['contracts', 'domain', 'course', 'receipts']),
    {
      name: 'apps-apart',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/([^/]+)/', pathNot: '^apps/$1/' },
    },
    {
      name: 'testing-is-for-tests',
      severity: 'error',
      from: { path: '^(apps|packages|infra)/', pathNot: '\\.test\\.ts$|/test/|^packages/testing/' },
      to: { path: room('testing') },
    },
    library('typeorm', 'typeorm', '^apps/api/', 'Only the API knows the database.'),
    library(
      'pg',
      'pg',
      '^(apps/api|packages/testing|infra)/',
      'Only the API knows the database; infra and tests start it.',
    ),
    library('dockerode', 'dockerode', '^packages/sandbox/', 'Only the sandbox knows Docker.'),
    library('jose', 'jose', '^packages/receipts/', 'Only the room of receipts knows how they are signed.'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|\\.cooperage)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@cooperage/source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.css'],
    },
  },
}
