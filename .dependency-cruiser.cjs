// The walls between folders. Each rule's name says what it holds; test/house/walls.spec.ts plants one violation of each.
const SPEC = '\\.spec\\.ts$';
const SQL = '(^|/)node_modules/(typeorm|pg)/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'domain-is-pure',
      comment: 'Decisions import nothing but each other, money and (as types) the contracts.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/src/domain/', pathNot: SPEC },
      to: { pathNot: ['^apps/$1/src/domain/', '^libs/money/src/index\\.ts$', '^libs/contracts/src/'] },
    },
    {
      name: 'use-cases-see-no-adapters',
      severity: 'error',
      from: { path: '^apps/([^/]+)/src/use-cases/', pathNot: SPEC },
      to: { path: ['^apps/$1/src/(inbound|outbound)/', '(^|/)node_modules/(typeorm|pg|kafkajs|fastify)/'] },
    },
    {
      name: 'inbound-does-not-touch-outbound',
      severity: 'error',
      from: { path: '^apps/([^/]+)/src/inbound/', pathNot: SPEC },
      to: { path: '^apps/$1/src/outbound/' },
    },
    {
      name: 'apps-do-not-import-apps',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    { name: 'libs-do-not-import-apps', severity: 'error', from: { path: '^libs/' }, to: { path: '^apps/' } },
    {
      name: 'libs-only-through-index',
      comment: 'Contracts are exempt: they are imported by topic file.',
      severity: 'error',
      from: { path: '^(apps|libs)/([^/]+)/', pathNot: SPEC },
      to: { path: '^libs/([^/]+)/src/(?!index\\.ts$)', pathNot: ['^libs/contracts/src/', '^$1/$2/'] },
    },
    {
      name: 'money-depends-on-nothing',
      severity: 'error',
      from: { path: '^libs/money/src/', pathNot: SPEC },
      to: { pathNot: '^libs/money/src/' },
    },
    {
      name: 'contracts-depend-on-the-validator-alone',
      severity: 'error',
      from: { path: '^libs/contracts/src/', pathNot: SPEC },
      to: { pathNot: ['^libs/contracts/src/', '(^|/)node_modules/(ajv|ajv-formats)/'] },
    },
    {
      name: 'only-outbound-and-persistence-speak-sql',
      severity: 'error',
      from: {
        path: '^(apps|libs)/',
        pathNot: ['/outbound/', '^libs/(persistence|local-runtime)/', '/migrations?\\.ts$', SPEC],
      },
      to: { path: SQL },
    },
    {
      name: 'only-messaging-speaks-kafka',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: ['^libs/(messaging|local-runtime)/', SPEC] },
      to: { path: '(^|/)node_modules/kafkajs/' },
    },
    {
      name: 'simulator-shares-no-code-with-adapters',
      severity: 'error',
      from: { path: ['^apps/simulator/', '^apps/[^/]+/simulator/'], pathNot: SPEC },
      to: { path: ['^libs/(wallet-network|messaging|contracts|money)/'] },
    },
    {
      name: 'adapter-and-its-own-simulator-are-strangers',
      comment: 'They speak to each other over the wire only, so that one cannot be wrong in the way of the other.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/(src|simulator)/', pathNot: SPEC },
      to: { path: '^apps/$1/(src|simulator)/', pathNot: '^apps/$1/$2/' },
    },
    {
      name: 'card-data-meets-no-store-and-no-topic',
      comment: 'All code of the process that decrypts payment tokens lies in these folders.',
      severity: 'error',
      from: { path: '^apps/us-wallet/src/(acquirer|apple-pay|decryption|merchants)/', pathNot: SPEC },
      to: { path: ['^libs/(persistence|messaging|wallet-network)/', '(^|/)node_modules/(typeorm|pg|kafkajs|pino)/'] },
    },
    {
      name: 'production-code-sees-no-test-support',
      severity: 'error',
      from: { path: ['^(apps|libs)/[^/]+/src/', '^apps/[^/]+/simulator/src/'], pathNot: SPEC },
      to: { path: ['^libs/[^/]+/testing/', '^test/', SPEC] },
    },
    {
      name: 'no-dev-dependencies-in-src',
      severity: 'error',
      from: { path: '^(apps|libs)/[^/]+/src/', pathNot: SPEC },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm'] },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|\\.gateway)/' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      conditionNames: ['node', 'import', 'require', 'default', 'types'],
    },
  },
};
