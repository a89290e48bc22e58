import { defineConfig } from 'vitest/config'

const slow = process.env.COLONNADE_TESTS === 'slow'

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: slow ? ['*.slow.e2e.ts'] : ['*.e2e.ts'],
    exclude: slow ? [] : ['*.slow.e2e.ts'],
    globalSetup: ['./global-setup.ts'],
    // All share one installation, and some break it on purpose.
    fileParallelism: false,
    testTimeout: slow ? 1_800_000 : 60_000,
    hookTimeout: 120_000,
  },
})
