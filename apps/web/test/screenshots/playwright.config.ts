import base from '../../../../playwright.config.js'

/** `pnpm screenshots`: the pictures of the README, from the product as it is. */
export default {
  ...base,
  testDir: '.',
  globalSetup: '../browser/start-product.ts',
  outputDir: '../../../../test-results',
  use: { ...base.use, trace: 'off' as const },
}
