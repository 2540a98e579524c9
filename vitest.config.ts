import {defineConfig} from 'vitest/config';

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'node',
          environment: 'node',
          execArgv: ['--expose-gc'], // the no-allocation tests count collections
          include: ['test/{unit,property,golden,contract}/**/*.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        // runs in Node and drives Chromium from outside: the pages under test are the built ones, unchanged
        test: {
          name: 'browser',
          environment: 'node',
          include: ['test/browser/**/*.test.ts'],
          fileParallelism: false, // two browsers on two cores would measure each other
          testTimeout: 120_000,
          hookTimeout: 120_000,
          retry: 0,
        },
      },
      {
        // packs what is built, installs it as its users would, and builds and opens their apps
        test: {
          name: 'package',
          environment: 'node',
          include: ['test/package/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
