import { defineConfig } from '@playwright/test'

/** Browser journeys over the product as `npm start` gives it, in the system's Chromium. */
export default defineConfig({
  testDir: 'apps/web/test/browser',
  globalSetup: './apps/web/test/browser/start-product.ts',
  outputDir: 'test-results',
  // One product, one story at a time: the journeys share its cohort.
  workers: 1,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: process.env['PLAYWRIGHT_JSON_OUTPUT_NAME'] ? [['list'], ['json']] : [['list']],
  use: {
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
      // As root, as in a CI container, Chromium has no sandbox of its own; it visits nothing but our own page.
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    },
  },
})
