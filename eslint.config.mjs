import tseslint from 'typescript-eslint';
import prettier from 'eslint-config-prettier';

const moneyIsNotAFloat = [
  { selector: "CallExpression[callee.name='parseFloat']", message: 'Amounts are bigint minor units; see libs/money.' },
  {
    selector: "CallExpression[callee.property.name='toFixed']",
    message: 'Amounts are bigint minor units; see libs/money.',
  },
];
const houseSyntax = [
  { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' },
  { selector: 'ExportDefaultDeclaration', message: 'Use named exports.' },
];

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', '.gateway/**', 'coverage/**', '**/*.cjs', '**/*.mjs', '**/*.js'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/explicit-function-return-type': ['error', { allowExpressions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/consistent-type-imports': 'off',
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      complexity: ['error', 10],
      'no-restricted-syntax': ['error', ...houseSyntax, ...moneyIsNotAFloat],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Randomness comes from the injected source.' },
      ],
    },
  },
  {
    files: ['**/*.spec.ts', 'test/**/*.ts', '{apps,libs}/*/testing/**/*.ts', 'bench/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      complexity: 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  prettier,
);
