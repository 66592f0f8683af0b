// The Jest projects: unit tests lie beside the code; integration and end-to-end tests under test/.
// @nestjs and the cryptography packages are ESM only, so swc turns them into CommonJS for Jest on Node 20.
const esmPackages =
  '@nestjs|jose|pkijs|asn1js|@peculiar|pvtsutils|pvutils|bytestreamjs|@noble|checkout-sdk-node|alipay-sdk|urllib|uuid|ulid';
const swcForPackages = [
  '@swc/jest',
  { swcrc: false, jsc: { target: 'es2022', parser: { syntax: 'ecmascript' } }, module: { type: 'commonjs' } },
];
const base = {
  rootDir: __dirname,
  testEnvironment: 'node',
  transform: { '^.+\\.ts$': '@swc/jest', 'node_modules/.+\\.m?js$': swcForPackages },
  transformIgnorePatterns: [`/node_modules/(?!(${esmPackages})/)`],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.gateway/'],
  moduleNameMapper: {
    '^@gateway/contracts/(.*)$': '<rootDir>/libs/contracts/src/$1',
    '^@gateway-testing/(.*)$': '<rootDir>/libs/$1/testing',
    '^@gateway/(.*)$': '<rootDir>/libs/$1/src',
  },
  setupFiles: ['reflect-metadata'],
};
module.exports = {
  // A worker with nothing open still needs more than the usual half second to end, after hundreds of megabytes of tests on a
  // busy machine; one that has something open does not end in this time either, and is told of.
  workerGracefulExitTimeout: 15_000,
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: ['<rootDir>/{apps,libs,bench}/**/*.spec.ts', '<rootDir>/test/{books,house}/**/*.spec.ts'],
    },
    { ...base, displayName: 'integration', testMatch: ['<rootDir>/test/integration/**/*.spec.ts'] },
    { ...base, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.spec.ts'] },
    // Tests that end brokers, databases or services: they run last, one at a time.
    { ...base, displayName: 'alone', testMatch: ['<rootDir>/test/e2e-alone/**/*.spec.ts'] },
  ],
};
