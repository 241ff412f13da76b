import { defineConfig } from '@playwright/test';
import { resolve } from 'node:path';

const isCi = process.env['CI'] === 'true';

/** Chromium obeys the last of two such arguments, so Playwright's own list is repeated with ours. */
const disabledFeatures = [
  // Two internal pages of the browser, behind the address field that no test sees, cost more than the page under test.
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  // Playwright's.
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
];

export default defineConfig({
  testDir: 'src',
  testMatch: '**/*.spec.ts',
  outputDir: resolve('test-results'),
  // Two windows of a browser, a server and Postgres keep two cores busy.
  workers: 2,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  // A flaky test reveals a fault: no second attempt.
  retries: 0,
  forbidOnly: isCi,
  reporter: isCi ? [['list'], ['json', { outputFile: resolve('tmp/ci/playwright.json') }]] : [['list']],
  use: {
    locale: 'en-GB',
    timezoneId: 'Asia/Taipei',
    // Without a graphics card the two cores that the test needs draw every animated frame.
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        `--disable-features=${disabledFeatures.join(',')}`,
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // Pages of one browser that share a process compile the scripts once.
        '--renderer-process-limit=1',
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
      ],
    },
  },
  projects: [
    { name: 'desktop', use: { viewport: { width: 1440, height: 900 } } },
    {
      name: 'phone',
      // The layer between page and server is the same on every screen.
      testIgnore: [
        '**/broken-connections.spec.ts',
        '**/history.spec.ts',
        '**/long-conversation.spec.ts',
        '**/reasons.spec.ts',
      ],
      grepInvert: /@one-screen/,
      use: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true },
    },
  ],
});
