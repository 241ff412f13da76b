const { availableParallelism } = require('node:os');
const { compilerOptions } = require('./tsconfig.base.json');

if (Number(process.versions.node.split('.')[0]) < 24)
  throw new Error('Run the tests with npm test: it uses the Node of this workspace, which can require ES modules.');

/** Our own libraries by their path names, as TypeScript knows them. */
const moduleNameMapper = Object.fromEntries(
  Object.entries(compilerOptions.paths).map(([name, [file]]) => [`^${name}$`, file.replace('./', '<rootDir>/')]),
);

const ignored = ['/node_modules/', '<rootDir>/dist/', '<rootDir>/tmp/', '<rootDir>/.data/', '<rootDir>/.nx/'];

/** Nest's packages are ESM; they load as they are because Jest runs with --experimental-vm-modules. */
const swc = [
  '@swc/jest',
  {
    jsc: {
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
      target: 'es2024',
      keepClassNames: true,
    },
    module: { type: 'commonjs' },
    sourceMaps: 'inline',
  },
];

const node = {
  rootDir: __dirname,
  testEnvironment: 'node',
  moduleNameMapper,
  transform: { '\\.ts$': swc, '\\.sql$': '<rootDir>/scripts/jest/sql-text.cjs' },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/tmp/', '<rootDir>/.data/', '<rootDir>/.nx/'],
  setupFiles: ['reflect-metadata'],
};

/** @type {import('jest').Config} */
module.exports = {
  // The database specs start servers of their own, so more workers than this only wait for each other.
  maxWorkers: Math.min(availableParallelism(), 4),
  // Nothing is measured by it: real processes and databases share a slow machine.
  testTimeout: 30_000,
  testSequencer: '<rootDir>/scripts/jest/longest-first.cjs',
  projects: [
    {
      ...node,
      displayName: 'unit',
      testMatch: ['<rootDir>/libs/{contracts,markup,sdk,api}/**/*.spec.ts', '<rootDir>/apps/{api,lab}/**/*.spec.ts'],
      testPathIgnorePatterns: [...ignored, '\\.(db|redis)\\.spec\\.ts$'],
    },
    {
      ...node,
      displayName: 'db',
      testMatch: ['<rootDir>/{libs,apps}/**/*.db.spec.ts'],
      testPathIgnorePatterns: ignored,
      globalSetup: '<rootDir>/scripts/jest/postgres.mjs',
      globalTeardown: '<rootDir>/scripts/jest/stop-postgres.mjs',
    },
    {
      // Only in npm run test:redis.
      ...node,
      displayName: 'redis',
      testMatch: ['<rootDir>/{libs,apps}/**/*.redis.spec.ts'],
      testPathIgnorePatterns: ignored,
      globalSetup: '<rootDir>/scripts/jest/postgres.mjs',
      globalTeardown: '<rootDir>/scripts/jest/stop-postgres.mjs',
    },
    {
      rootDir: __dirname,
      displayName: 'web',
      preset: 'jest-preset-angular',
      testMatch: ['<rootDir>/libs/web/**/*.spec.ts', '<rootDir>/apps/web/**/*.spec.ts'],
      testPathIgnorePatterns: ignored,
      modulePathIgnorePatterns: node.modulePathIgnorePatterns,
      moduleNameMapper,
      setupFilesAfterEnv: ['<rootDir>/scripts/jest/angular.ts'],
      // Angular's packages are ESM too and load as they are.
      transformIgnorePatterns: ['/node_modules/'],
      transform: {
        '\\.(ts|html|svg)$': [
          'jest-preset-angular',
          { tsconfig: '<rootDir>/scripts/jest/tsconfig.angular.json', stringifyContentPathRegex: '\\.(html|svg)$' },
        ],
      },
    },
  ],
};
