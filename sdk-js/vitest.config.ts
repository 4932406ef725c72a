import { defineConfig, type ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/e2e/**", "test/demos/**"],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/*.test.ts"],
          globalSetup: "test/e2e/support/global-setup.ts",
          // One hub serves every file; two workers are what two cores can feed.
          maxWorkers: 2,
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "demos",
          include: ["test/demos/*.test.ts"],
          globalSetup: "test/demos/support/global-setup.ts",
          // One hub and one browser for each file; two files are what two cores can feed.
          maxWorkers: 2,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "demos-alone",
          include: ["test/demos/alone/*.test.ts"],
          globalSetup: "test/demos/support/global-setup.ts",
          // What measures how old things are wants the machine for itself.
          sequence: { groupOrder: 1 },
          maxWorkers: 1,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "cluster",
          include: ["test/e2e/cluster/*.test.ts"],
          globalSetup: "test/e2e/support/global-setup.ts",
          // Three nodes and a browser with twenty tabs want the machine for themselves.
          sequence: { groupOrder: 1 },
          maxWorkers: 1,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});

export default config;
