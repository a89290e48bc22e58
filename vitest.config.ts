import { defineConfig, mergeConfig } from 'vitest/config'
import vite from './vite.config.ts'

const slow = process.env.COLONNADE_TESTS === 'slow'

export default mergeConfig(
  vite,
  defineConfig({
    test: {
      include: slow ? ['**/*.slow.test.{ts,tsx}'] : ['**/*.test.{ts,tsx}'],
      exclude: ['**/node_modules/**', '**/dist/**', ...(slow ? [] : ['**/*.slow.test.*'])],
      // So that tests run on the driver as it is bundled: mended.
      server: { deps: { inline: ['postgres'] } },
      globalSetup: ['./packages/testing/global-setup.ts'],
      css: { modules: { classNameStrategy: 'non-scoped' } },
      testTimeout: 30_000,
      hookTimeout: 60_000,
      maxWorkers: 2,
    },
  }),
)
