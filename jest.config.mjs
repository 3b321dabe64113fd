const project = (displayName, testMatch) => ({
  displayName,
  testMatch,
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.tsx?$': ['@swc/jest', { configFile: './.swcrc' }] },
  // Rooms are imported from their sources: no build stands between an edit and its test.
  testEnvironmentOptions: { customExportConditions: ['@cooperage/source', 'node', 'node-addons'] },
  modulePathIgnorePatterns: ['/dist/', '/.cooperage/'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/test/browser/'],
})

export default {
  // No test asserts a time: this only ends what hangs, on a busy machine too.
  testTimeout: 60_000,
  projects: [
    project('unit', ['<rootDir>/{apps,packages}/*/src/**/*.test.ts', '<rootDir>/infra/src/**/*.test.ts']),
    // Attacks are told row by row, and have a stage of their own.
    project('attacks', ['<rootDir>/packages/self-test/test/**/*.test.ts']),
    project('integration', [
      '<rootDir>/{apps,packages}/*/test/**/*.test.ts',
      '<rootDir>/infra/test/**/*.test.ts',
      '!<rootDir>/packages/self-test/test/**',
    ]),
  ],
}
