import nx from '@nx/eslint-plugin';
import angular from 'angular-eslint';
import prettier from 'eslint-config-prettier';
import { defineConfig } from 'eslint/config';
import { fileURLToPath } from 'node:url';
import ts from 'typescript-eslint';
import { moduleImports, webBase, webParts } from './scripts/module-imports.mjs';
import cloudhop from './scripts/eslint/cloudhop-rules.mjs';

const root = fileURLToPath(new URL('.', import.meta.url));

/** Packages of one side that must never reach the other. */
const serverPackages = ['@nestjs/*', 'typeorm', 'pg', 'express', 'socket.io', 'pino*', 'nestjs-pino'];
const pagePackages = ['@angular/*', '@jsverse/*', 'emoji-picker-element', 'highlight.js', 'lowlight'];
const bannedPackages = {
  contracts: [...serverPackages, ...pagePackages, 'socket.io-client'],
  markup: [...serverPackages, ...pagePackages, 'socket.io-client'],
  sdk: [...serverPackages, ...pagePackages],
  'api-platform': pagePackages,
  ...Object.fromEntries(
    [...webBase, ...webParts, 'web-feature'].map((scope) => [scope, [...serverPackages, 'socket.io-client']]),
  ),
};

const depConstraints = Object.entries(moduleImports).map(([scope, targets]) => ({
  sourceTag: `scope:${scope}`,
  onlyDependOnLibsWithTags: targets.map((target) => `scope:${target}`),
  ...(bannedPackages[scope] ? { bannedExternalImports: bannedPackages[scope] } : {}),
}));

const nodeGlobals = [
  'process',
  'URL',
  'console',
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'fetch',
  'Buffer',
  'AbortController',
  'AbortSignal',
  'globalThis',
  'require',
  'module',
  '__dirname',
];
const specs = ['**/*.spec.ts', '**/testing/**/*.ts', 'apps/e2e/**/*.ts'];
const pages = ['libs/web/**/*.ts', 'apps/web/**/*.ts', 'scripts/jest/*.ts'];

export default defineConfig(
  { ignores: ['dist', 'node_modules', 'tmp', '.nx', '.angular', '.data', 'coverage', 'docs/generated'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,mts,mjs,js}'],
    plugins: { cloudhop, '@nx': nx },
    rules: {
      'cloudhop/file-name': 'error',
      'cloudhop/said-reason': 'error',
      '@nx/enforce-module-boundaries': [
        'error',
        { allow: ['../../../../package.json'], enforceBuildableLibDependency: false, depConstraints },
      ],
      eqeqeq: ['error', 'always'],
      'no-var': 'error',
      'prefer-const': 'error',
      'object-shorthand': 'error',
    },
  },
  {
    files: ['**/*.{ts,mts,mjs,js}'],
    rules: { 'cloudhop/doc-comment-start': 'error', 'cloudhop/current-terms': 'error' },
  },
  {
    files: ['**/*.ts'],
    extends: [...ts.configs.recommendedTypeChecked, ...ts.configs.stylistic],
    languageOptions: { parserOptions: { project: 'tsconfig.node.json', tsconfigRootDir: root } },
    rules: {
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: true }],
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { arguments: false, attributes: false } },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      '@typescript-eslint/prefer-readonly': 'error',
      // An async method without await still turns a throw into a rejection, which is what its contract says.
      '@typescript-eslint/require-await': 'off',
      // What there is nothing to do for is done.
      '@typescript-eslint/no-empty-function': 'off',
      // A module, a migration or a guard may be a class with nothing in it but its decorator.
      '@typescript-eslint/no-extraneous-class': 'off',
    },
  },
  {
    // Repositories own every query.
    files: ['libs/api/**/*.ts', 'apps/api/**/*.ts'],
    ignores: ['**/*.repository.ts', 'libs/api/{platform,database,realtime}/**', ...specs],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [{ name: '@cloudhop/api/database', importNames: ['Database'], message: 'Query from a repository.' }],
          patterns: [{ group: ['pg'], message: 'Query from a repository.' }],
        },
      ],
    },
  },
  {
    files: pages,
    extends: [...angular.configs.tsRecommended],
    processor: angular.processInlineTemplates,
    languageOptions: { parserOptions: { project: 'scripts/jest/tsconfig.angular.json', tsconfigRootDir: root } },
    rules: {
      '@angular-eslint/component-class-suffix': 'off',
      '@angular-eslint/directive-class-suffix': 'off',
      '@angular-eslint/prefer-signals': 'error',
      '@angular-eslint/prefer-output-readonly': 'error',
      '@angular-eslint/use-lifecycle-interface': 'error',
      'no-restricted-globals': ['error', { name: 'alert' }, { name: 'confirm' }, { name: 'prompt' }],
    },
  },
  {
    files: ['libs/web/**/*.html', 'apps/web/**/*.html'],
    extends: [...angular.configs.templateRecommended, ...angular.configs.templateAccessibility],
    rules: {
      '@angular-eslint/template/button-has-type': 'error',
      '@angular-eslint/template/prefer-control-flow': 'error',
      '@angular-eslint/template/no-any': 'error',
    },
  },
  {
    files: ['apps/e2e/**/*.ts'],
    languageOptions: { parserOptions: { project: 'apps/e2e/tsconfig.json', tsconfigRootDir: root } },
  },
  {
    files: specs,
    rules: {
      // expect(spy.method) names a method without calling it.
      '@typescript-eslint/unbound-method': 'off',
      // What a test takes apart (bodies of answers, bad input on purpose) has no type on purpose.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    // Sent to the browser as it is.
    files: ['apps/web/public/**/*.js'],
    languageOptions: {
      sourceType: 'script',
      globals: Object.fromEntries(
        ['document', 'window', 'localStorage', 'matchMedia', 'navigator'].map((name) => [name, 'readonly']),
      ),
    },
  },
  {
    // The fault simulator and the benchmark are programs for a terminal.
    files: ['apps/lab/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    // Scripts run on Node as they are, without types.
    files: ['**/*.{mjs,js}'],
    languageOptions: { globals: Object.fromEntries(nodeGlobals.map((name) => [name, 'readonly'])) },
    rules: {
      'no-undef': 'error',
      'no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      'no-unreachable': 'error',
      'no-dupe-keys': 'error',
      'no-const-assign': 'error',
      'no-self-assign': 'error',
      'no-cond-assign': 'error',
      'no-fallthrough': 'error',
      'no-async-promise-executor': 'error',
      'no-unsafe-finally': 'error',
      'require-yield': 'error',
      'valid-typeof': 'error',
    },
  },
  prettier,
);
